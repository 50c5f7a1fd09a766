//! The program's commands: each reads clock and disk, calls the library's stages in order, and
//! reports.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the commands that report problems follow")
)]
pub(crate) mod report;
