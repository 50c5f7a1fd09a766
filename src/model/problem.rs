//! What is wrong with an issue file, and where.

use std::borrow::Cow;
use std::ops::Range;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Stops the build: the documents would be wrong.
    Error,
    /// Worth a look before readers see it.
    Warning,
}

/// Something wrong in a file, with the place and the way to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A short stable name for it, such as `bad-date`; users can look it up and silence it.
    pub code: Cow<'static, str>,
    /// The file, as the user would name it.
    pub path: PathBuf,
    /// The bytes of the file that it is about; empty at 0 where it is about the whole file.
    pub span: Range<usize>,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}
