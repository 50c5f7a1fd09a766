use super::*;

fn allowed(places: &[&str], ports: &[u16]) -> Allowed {
    Allowed {
        places: places
            .iter()
            .map(|place| Place::parse(place).unwrap())
            .collect(),
        ports: ports.to_vec(),
    }
}

#[track_caller]
fn check(places: &[&str], url: &str, expected: Result<(), &str>) {
    let seen = allowed(places, &[]).check(&Url::parse(url).unwrap());
    let seen = seen.map_err(|refusal| refusal.to_string());
    assert_eq!(seen, expected.map_err(str::to_owned), "{url}");
}

#[test]
fn refuses_every_private_address() {
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:0:808:808:0:0:80ff:fffe",
        "2001:2::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2600::5efe:10.0.0.1",
        "2600::200:5efe:192.168.0.1",
    ] {
        let address: IpAddr = address.parse().unwrap();
        assert!(!is_public(address), "{address}");
    }
}

#[test]
fn visits_public_addresses() {
    for address in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "193.0.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ] {
        let address: IpAddr = address.parse().unwrap();
        assert!(is_public(address), "{address}");
    }
}

#[test]
fn sees_through_the_ways_to_write_an_address() {
    let private = "`127.0.0.1` is a private address";
    for url in [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://１２７.0.0.1/",
    ] {
        check(&[], url, Err(private));
    }
    check(
        &[],
        "http://[::ffff:127.0.0.1]/",
        Err("`[::ffff:7f00:1]` is a private address"),
    );
    check(
        &[],
        "http://blog.localhost/",
        Err("`blog.localhost` is a private address: 127.0.0.1"),
    );
}

#[test]
fn refuses_other_schemes_and_ports() {
    check(&[], "ftp://a.example/", Err("`ftp:` is not visited"));
    check(&[], "file:///etc/passwd", Err("`file:` is not visited"));
    check(
        &[],
        "http://a.example:22/",
        Err("port 22 is not one of the web"),
    );
    check(&[], "https://a.example:8443/", Ok(()));
    check(&[], "http://a.example:8080/", Ok(()));
    let ports = allowed(&[], &[8000]);
    assert_eq!(
        ports.check(&Url::parse("http://a.example:8000/").unwrap()),
        Ok(())
    );
}

#[test]
fn an_allowed_network_may_be_visited_at_any_port() {
    let loopback = &["127.0.0.0/8"];
    check(loopback, "http://127.0.0.1:4000/", Ok(()));
    check(loopback, "http://127.9.8.7/", Ok(()));
    check(loopback, "http://[::ffff:127.0.0.1]:99/", Ok(()));
    check(loopback, "http://a.localhost:4000/", Ok(()));
    check(
        loopback,
        "http://10.0.0.1/",
        Err("`10.0.0.1` is a private address"),
    );
    check(&["10.0.0.1"], "http://10.0.0.1/", Ok(()));
    check(&["::1"], "http://[::1]:81/", Ok(()));
    check(&["fd00::/8"], "http://[fd00::7]/", Ok(()));
}

#[test]
fn an_allowed_name_counts_for_the_names_below_it() {
    check(
        &["intranet.example"],
        "http://wiki.intranet.example:81/",
        Ok(()),
    );
    check(
        &["intranet.example"],
        "http://notintranet.example:81/",
        Err("port 81 is not one of the web"),
    );
    let names = allowed(&["intranet.example"], &[]);
    let private = "10.0.0.1".parse().unwrap();
    assert_eq!(names.check_address("intranet.example", private), Ok(()));
    assert!(names.check_address("other.example", private).is_err());
}

#[test]
fn reads_places() {
    let text = |written: &str| Place::parse(written).map(|place| place.to_string());
    assert_eq!(text("10.0.0.0/8").as_deref(), Some("10.0.0.0/8"));
    assert_eq!(text("[::1]").as_deref(), Some("::1/128"));
    assert_eq!(
        text("Intranet.Example").as_deref(),
        Some("intranet.example")
    );
    assert_eq!(text("10.0.0.0/33"), None);
    assert_eq!(text("intranet.example/8"), None);
    assert_eq!(text("*.example"), None);
    assert_eq!(text(""), None);
}

#[test]
fn what_tells_machines_their_secrets_is_refused_unless_named_itself() {
    let metadata = [
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "fd00:ec2::254",
        "fd20:ce::254",
        "::ffff:168.63.129.16",
        "64:ff9b::a83f:8110",
        "2002:a83f:8110::1",
    ];
    for address in metadata {
        let ip: IpAddr = address.parse().unwrap();
        for places in [&[][..], &["0.0.0.0/0", "::/0"], &["metadata.example"]] {
            let seen = allowed(places, &[]).check_address("metadata.example", ip);
            assert!(seen.is_err(), "{address}, {places:?}");
        }
        let named = allowed(&[address], &[]).check_address("metadata.example", ip);
        assert_eq!(named, Ok(()), "{address}");
    }
    let neighbor = "168.63.129.17".parse().unwrap();
    assert_eq!(
        allowed(&[], &[]).check_address("a.example", neighbor),
        Ok(())
    );
}
