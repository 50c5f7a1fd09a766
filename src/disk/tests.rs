use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn replaces_a_file_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    replace(&path, b"one", Durability::Lasting).unwrap();
    replace(&path, b"two", Durability::Remade).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(names(folder.path()), ["a.txt"]);
}

#[test]
fn creates_only_what_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    create(&path, b"one").unwrap();
    let error = create(&path, b"two").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"one");
    assert_eq!(names(folder.path()), ["a.txt"]);
}

#[test]
fn removes_what_a_kill_left_and_nothing_that_is_being_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let old = SystemTime::now() - Duration::from_hours(2);
    for (name, time) in [
        (".newsdesk-dead.part", Some(old)),
        (".newsdesk-busy.part", None),
        ("own.part", Some(old)),
    ] {
        let file = fs::File::create(path(name)).unwrap();
        if let Some(time) = time {
            file.set_modified(time).unwrap();
        }
    }
    replace(&path("a.txt"), b"one", Durability::Lasting).unwrap();
    assert_eq!(
        names(folder.path()),
        [".newsdesk-busy.part", "a.txt", "own.part"]
    );
}

#[test]
fn makes_folders_that_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b/c");
    make_folder(&deep).unwrap();
    make_folder(&deep).unwrap();
    assert!(deep.is_dir());
}

#[cfg(unix)]
#[test]
fn keeps_links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("real.txt"), "one").unwrap();
    fs::set_permissions(path("real.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.txt", path("link.txt")).unwrap();
    symlink("new.txt", path("ahead.txt")).unwrap();
    replace(&path("link.txt"), b"two", Durability::Lasting).unwrap();
    replace(&path("ahead.txt"), b"three", Durability::Lasting).unwrap();
    assert!(fs::symlink_metadata(path("link.txt")).unwrap().is_symlink());
    assert_eq!(fs::read(path("real.txt")).unwrap(), b"two");
    assert_eq!(fs::read(path("new.txt")).unwrap(), b"three");
    let mode = fs::metadata(path("real.txt")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn writes_to_what_is_no_file() {
    replace(Path::new("/dev/null"), b"gone", Durability::Lasting).unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

#[cfg(unix)]
#[test]
fn a_circle_of_links_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::os::unix::fs::symlink("b", path("a")).unwrap();
    std::os::unix::fs::symlink("a", path("b")).unwrap();
    assert!(replace(&path("a"), b"x", Durability::Remade).is_err());
}
