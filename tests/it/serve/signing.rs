//! Signing in with a password: who may, how often, for how long.

use super::{Server, add_user, sign_in, site};

const PASSWORD: &str = "correct horse battery";

#[test]
fn a_curator_signs_in_and_out() {
    let project = site("");
    add_user(&project, "Ada", "Ada Lovelace", PASSWORD);
    let server = Server::start(&project);
    let page = server.get("/review/login", &[]).expect(200);
    assert!(page.text().contains("type=\"password\""));
    let answer = sign_in(&server, " ADA ", PASSWORD).expect(303);
    assert_eq!(answer.header("location"), "/review");
    let set: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, value)| name == "set-cookie" && !value.contains("Max-Age=0"))
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(set.len(), 1);
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
        assert!(set[0].contains(part), "{}", set[0]);
    }
    assert!(!set[0].contains("Secure"));
    let cookie = answer.cookies();
    let page = server.get("/review", &[("Cookie", &cookie)]).expect(200);
    assert!(page.text().contains("Ada Lovelace"));
    let csrf = page.csrf();
    let answer = server.post("/review/logout", &[("Cookie", &cookie)], &[("csrf", &csrf)]);
    assert!(
        answer
            .expect(303)
            .headers
            .iter()
            .any(|(_, value)| value.contains("Max-Age=0"))
    );
    // The cookie itself is worth nothing now.
    server.get("/review", &[("Cookie", &cookie)]).expect(303);
}

#[test]
fn nothing_tells_a_wrong_name_from_a_wrong_password() {
    let project = site("");
    add_user(&project, "ada", "Ada", PASSWORD);
    let server = Server::start(&project);
    let page = server.get("/review/login", &[]).expect(200);
    let (cookies, csrf) = (page.cookies(), page.csrf());
    let attempt = |name: &str, password: &str| {
        let form = [("csrf", &*csrf), ("name", name), ("password", password)];
        let mut answer = server
            .post("/review/login", &[("Cookie", &cookies)], &form)
            .expect(401);
        answer
            .headers
            .retain(|(name, _)| name != "date" && name != "content-length");
        // The page has the name that was typed, and the cursor where something is missing.
        let typed = format!("value=\"{name}\"");
        let page = answer.text().replace(&typed, "value=\"\"");
        answer.body = page.replace(" autofocus", "").into_bytes();
        answer
    };
    let wrong_password = attempt("ada", "wrong horse battery");
    assert_eq!(attempt("nobody", PASSWORD), wrong_password);
    assert_eq!(attempt("no name at all!", PASSWORD), wrong_password);
    assert_eq!(attempt("ada", ""), wrong_password);
    assert_eq!(attempt("", ""), wrong_password);
    // Also not by how soon it is too much.
    for name in ["ada", "nobody"] {
        let tries = (0..10).take_while(|_| sign_in(&server, name, "wrong").status == 401);
        let before = if name == "ada" { 2 } else { 1 };
        assert_eq!(tries.count() + before, 6, "{name}");
    }
}

#[test]
fn guessing_ends_soon() {
    let project = site("");
    add_user(&project, "ada", "Ada", PASSWORD);
    add_user(&project, "ben", "Ben", PASSWORD);
    let server = Server::start(&project);
    for _ in 0..6 {
        sign_in(&server, "ada", "wrong horse battery").expect(401);
    }
    let answer = sign_in(&server, "ada", PASSWORD).expect(429);
    let wait: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    // Another account is not concerned, until the address has had enough.
    sign_in(&server, "ben", PASSWORD).expect(303);
    let tries =
        (0..40).take_while(|n| sign_in(&server, &format!("nobody{n}"), "wrong").status == 401);
    assert_eq!(tries.count(), 13);
    sign_in(&server, "ben", PASSWORD).expect(429);
    let numbers = server.get("/metrics", &[]).expect(200).text();
    assert!(
        numbers.contains("newsdesk_sign_ins_total{outcome=\"wrong\"} 19\n"),
        "{numbers}"
    );
}

#[test]
fn a_form_to_sign_in_is_of_the_browser_that_asked_for_it() {
    let project = site("");
    add_user(&project, "ada", "Ada", PASSWORD);
    let server = Server::start(&project);
    let page = server.get("/review/login", &[]).expect(200);
    let other = server.get("/review/login", &[]).expect(200);
    let (csrf, cookies) = (page.csrf(), page.cookies());
    let name = [("name", "ada"), ("password", PASSWORD)];
    let post = |cookie: &str, csrf: &str| {
        let form = [name[0], name[1], ("csrf", csrf)];
        server.post("/review/login", &[("Cookie", cookie)], &form)
    };
    post("", &csrf).expect(403);
    post(&other.cookies(), &csrf).expect(403);
    post(&cookies, &other.csrf()).expect(403);
    post(&cookies, "").expect(403);
    let answer = post(&cookies, &csrf).expect(303);
    // A session is new, and not what the browser came with.
    assert!(
        !answer
            .cookies()
            .contains(cookies.split('=').nth(1).unwrap())
    );
}

#[test]
fn sessions_end() {
    let project = site("");
    add_user(&project, "ada", "Ada", PASSWORD);
    let server = Server::start_with(&project, "2026-11-15T12:00:00Z", &[]);
    let cookie = sign_in(&server, "ada", PASSWORD).expect(303).cookies();
    let token = cookie.split('=').nth(1).unwrap().to_owned();
    drop(server);
    let on = |day: &str| {
        let server = Server::start_with(&project, day, &[]);
        let cookie = format!("newsdesk-{}={token}", server.port);
        server.get("/review", &[("Cookie", &cookie)]).status
    };
    assert_eq!(on("2026-11-28T12:00:00Z"), 200);
    // Two weeks after the last visit, not after the first.
    assert_eq!(on("2026-12-11T12:00:00Z"), 200);
    assert_eq!(on("2026-12-25T11:59:59Z"), 200);
    assert_eq!(on("2027-01-10T12:00:00Z"), 303);
    let server = Server::start_with(&project, "2026-11-15T12:00:00Z", &[]);
    let cookie = sign_in(&server, "ada", PASSWORD).expect(303).cookies();
    let token = cookie.split('=').nth(1).unwrap().to_owned();
    drop(server);
    let on = |day: u32| {
        let start: chrono::DateTime<chrono::Utc> = "2026-11-15T12:00:00Z".parse().unwrap();
        let day = start + chrono::TimeDelta::days(day.into());
        let server = Server::start_with(&project, &day.to_rfc3339(), &[]);
        let cookie = format!("newsdesk-{}={token}", server.port);
        server.get("/review", &[("Cookie", &cookie)]).status
    };
    // Three months are the end, however often somebody comes.
    for day in [13, 26, 39, 52, 65, 78, 89] {
        assert_eq!(on(day), 200, "day {day}");
    }
    assert_eq!(on(90), 303);
}

#[test]
fn a_new_password_or_none_ends_sessions() {
    let project = site("");
    add_user(&project, "ada", "Ada", PASSWORD);
    add_user(&project, "ben", "Ben", PASSWORD);
    let server = Server::start(&project);
    let ada = sign_in(&server, "ada", PASSWORD).expect(303).cookies();
    let ben = sign_in(&server, "ben", PASSWORD).expect(303).cookies();
    super::accounts::with_input(
        &project,
        &["user", "password", "ada"],
        "another horse battery\n",
    )
    .expect(0);
    server.get("/review", &[("Cookie", &ada)]).expect(303);
    server.get("/review", &[("Cookie", &ben)]).expect(200);
    sign_in(&server, "ada", PASSWORD).expect(401);
    sign_in(&server, "ada", "another horse battery").expect(303);
    project.run(&["user", "remove", "ben"]).expect(0);
    server.get("/review", &[("Cookie", &ben)]).expect(303);
    sign_in(&server, "ben", PASSWORD).expect(401);
}

#[test]
fn the_first_account_ends_sessions_without_a_password() {
    let project = site("");
    let server = Server::start(&project);
    let page = server.get("/review/login", &[]).expect(200);
    assert!(!page.text().contains("type=\"password\""));
    assert!(
        page.text().contains("value=\"Ada\""),
        "the newsletter knows her"
    );
    let cookie = super::session(&server, "Ada");
    server.get("/review", &[("Cookie", &cookie)]).expect(200);
    add_user(&project, "ada", "Ada", PASSWORD);
    server.get("/review", &[("Cookie", &cookie)]).expect(303);
    sign_in(&server, "Ada", "").expect(401);
    sign_in(&server, "Ada", PASSWORD).expect(303);
}

#[test]
fn behind_tls_cookies_are_for_tls_alone() {
    let project = site("[server]\ntls = true\n");
    let server = Server::start(&project);
    let set = super::sign_in(&server, "Ada", "").expect(303);
    let cookie = set.cookies();
    assert!(cookie.starts_with("__Host-newsdesk="), "{cookie}");
    assert!(
        set.headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .all(|(_, value)| value.ends_with("; Secure"))
    );
    server.get("/review", &[("Cookie", &cookie)]).expect(200);
    // Nobody is believed who was not named.
    let project = site("");
    let server = Server::start(&project);
    let answer = server.get("/review/login", &[("X-Forwarded-Proto", "https")]);
    assert!(!answer.expect(200).cookies().contains("__Host-"));
    let project = site("[server]\ntrusted_proxies = [\"127.0.0.1\"]\n");
    add_user(&project, "ada", "Ada", PASSWORD);
    let server = Server::start(&project);
    let tls = ("X-Forwarded-Proto", "https");
    let answer = server.get(
        "/review/login",
        &[
            tls,
            ("X-Forwarded-For", "192.0.2.1"),
            ("Host", "test.example"),
        ],
    );
    assert!(
        answer
            .expect(200)
            .cookies()
            .starts_with("__Host-newsdesk-form=")
    );
    assert!(
        !server
            .get("/review/login", &[])
            .expect(200)
            .cookies()
            .contains("__Host-")
    );
}
