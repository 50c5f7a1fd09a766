//! When an issue appeared, and when it last changed.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use super::keys::{Key, Sheet};
use super::names::Name;
use super::values;
use super::{FrontKind, Options, Places, Problems, shown};
use crate::issues::date::{self, Moment, NameDate, Precision};
use crate::issues::front::Field;
use crate::model::Severity;

/// The dates of an issue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dates {
    pub(super) published: DateTime<FixedOffset>,
    pub(super) updated: DateTime<FixedOffset>,
}

pub(super) fn read(
    sheet: &Sheet<'_>,
    name: &Name<'_>,
    draft: bool,
    options: &Options,
    places: &mut Places,
    problems: &mut Problems<'_>,
) -> Option<Dates> {
    // A draft may wait for its date: nobody reads it yet.
    let severity = if draft {
        Severity::Warning
    } else {
        Severity::Error
    };
    let published = if let Some(field) = date_field(sheet) {
        let moment = moment(field, severity, name, options, problems)?;
        places.date = field.value.span.clone();
        compare_with_name(moment, field, name, problems);
        moment
    } else {
        let named = name.date.and_then(|date| date.moment(options.time_zone));
        let noted = options.dates.get(problems.path);
        let noted = noted.and_then(|day| date::parse(day, options.time_zone).ok());
        // A month in the name is less than a day that was noted.
        let whole = name.date.is_some_and(|date| date.day.is_some());
        let named = named.filter(|_| whole || noted.is_none()).or(noted);
        if named.is_none() {
            no_date(severity, sheet.kind, problems);
        }
        named?
    };
    Some(Dates {
        published: published.at,
        updated: updated(sheet, published, name, options, problems),
    })
}

/// The field that holds the date: `date` and its like, else `published` where that is no truth
/// value.
fn date_field<'s, 'a>(sheet: &'s Sheet<'a>) -> Option<&'s Field<'a>> {
    sheet.first(Key::Date).or_else(|| {
        sheet
            .first(Key::Published)
            .filter(|field| values::as_truth(field).is_none())
    })
}

fn updated(
    sheet: &Sheet<'_>,
    published: Moment,
    name: &Name<'_>,
    options: &Options,
    problems: &mut Problems<'_>,
) -> DateTime<FixedOffset> {
    let Some(field) = sheet.first(Key::Updated) else {
        return published.at;
    };
    let Some(updated) = moment(field, Severity::Error, name, options, problems) else {
        return published.at;
    };
    if updated.at >= published.at {
        return updated.at;
    }
    let same_day = updated.at.date_naive() == published.at.date_naive();
    if !(same_day && updated.precision == Precision::Day) {
        problems.warning(
            "updated-early",
            field.value.span.clone(),
            format!(
                "updated on `{}`, before it was published on `{}`",
                updated.at.date_naive(),
                published.at.date_naive()
            ),
            Some("mend the one that is wrong; until then the date of publication counts".into()),
        );
    }
    published.at
}

/// The date in a field; says what is wrong with it.
fn moment(
    field: &Field<'_>,
    severity: Severity,
    name: &Name<'_>,
    options: &Options,
    problems: &mut Problems<'_>,
) -> Option<Moment> {
    let Some(written) = field.value.value.text() else {
        values::wrong_type(&field.key, &field.value, "a date", problems);
        return None;
    };
    let written = written.trim();
    match date::parse(written, options.time_zone) {
        Ok(moment) => Some(moment),
        Err(error) => {
            problems.add(
                severity,
                "bad-date",
                field.value.span.clone(),
                format!("`{}` {error}", shown(written)),
                Some(hint(&error, name.date)),
            );
            None
        }
    }
}

fn hint(error: &date::Error, name: Option<NameDate>) -> String {
    match error {
        date::Error::Year {
            year,
            month,
            day,
            rest,
        } => match likely_year(*year, *month, *day, name) {
            Some(likely) => format!("did you mean `{likely}{}`?", shown(rest)),
            None => "write the year with four digits, such as `2021-11-17`".to_owned(),
        },
        date::Error::YearLast => "write year, month, day, such as `2021-11-17`".to_owned(),
        date::Error::Zone(_) => "write an offset such as `+01:00`, or `Z` for UTC".to_owned(),
        date::Error::Time => "write the time as `10:00` or `10:00:00`".to_owned(),
        date::Error::Month(_) | date::Error::Day { .. } | date::Error::NoDate => {
            "write a day such as `2021-11-17`, or a time such as `2021-11-17T10:00:00Z`".to_owned()
        }
    }
}

/// The year that was meant: that of the file's name where month and day agree with it, else the
/// one whose last digits were written.
fn likely_year(year: i32, month: u32, day: u32, name: Option<NameDate>) -> Option<i32> {
    let agrees = |name: &NameDate| name.month == month && name.day.is_none_or(|d| d == day);
    name.filter(agrees)
        .map(|name| name.year)
        .or_else(|| match year {
            0..70 => Some(2000 + year),
            70..100 => Some(1900 + year),
            _ => None,
        })
}

/// Warns where the date and the file's name say different things. A day's difference is one of
/// time zones.
fn compare_with_name(
    moment: Moment,
    field: &Field<'_>,
    name: &Name<'_>,
    problems: &mut Problems<'_>,
) {
    let Some(named) = name.date else {
        return;
    };
    let day = moment.at.date_naive();
    let near = [Some(day), day.pred_opt(), day.succ_opt()];
    let agrees = |day: &NaiveDate| {
        day.year() == named.year
            && day.month() == named.month
            && named.day.is_none_or(|named| day.day() == named)
    };
    if near.iter().flatten().any(agrees) {
        return;
    }
    let said = match named.day {
        Some(of_month) => format!("{}-{:02}-{of_month:02}", named.year, named.month),
        None => format!("{}-{:02}", named.year, named.month),
    };
    problems.warning(
        "date-and-name",
        field.value.span.clone(),
        format!("dated `{day}`, but the file's name says `{said}`"),
        Some("mend the one that is wrong".to_owned()),
    );
}

fn no_date(severity: Severity, kind: FrontKind, problems: &mut Problems<'_>) {
    let (message, first) = match severity {
        Severity::Error => ("the issue has no date", ""),
        Severity::Warning => ("the draft has no date yet", "before it is published, "),
    };
    let place = match kind {
        FrontKind::None => "start the file with the lines `---`, `date: 2021-11-17`, `---`",
        FrontKind::Toml => "add `date = 2021-11-17` to its front matter",
        FrontKind::Json => "add `\"date\": \"2021-11-17\"` to its front matter",
        FrontKind::Yaml | FrontKind::Pelican => "add `date: 2021-11-17` to its front matter",
    };
    problems.add(
        severity,
        "no-date",
        0..0,
        message.to_owned(),
        Some(format!(
            "{first}{place}, or name it like `2021-11-17-a-title.md`"
        )),
    );
}
