//! Many numbers in one text: on their way into a statement, and back out of a row.

/// Numbers as a JSON array, the cheapest way to hand many of them to one statement.
pub(super) fn array(numbers: impl IntoIterator<Item = i64>) -> String {
    let mut text = String::from("[");
    let mut digits = itoa_buffer();
    for number in numbers {
        if text.len() > 1 {
            text.push(',');
        }
        push_number(&mut text, &mut digits, number);
    }
    text.push(']');
    text
}

fn itoa_buffer() -> [u8; 20] {
    [0; 20]
}

/// Appends a number; `fmt` takes four times as long, and there are a hundred thousand of them.
fn push_number(text: &mut String, digits: &mut [u8; 20], number: i64) {
    if number < 0 {
        text.push('-');
    }
    let mut rest = number.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits[at..].iter().map(|&digit| char::from(digit)));
}

/// Pairs of numbers from `a b,c d,…`, which comes as one row: a row costs as much as ten pairs.
pub(super) fn pairs(text: Option<&str>) -> impl Iterator<Item = (i64, i64)> {
    text.unwrap_or_default().split(',').filter_map(|pair| {
        let (one, other) = pair.split_once(' ')?;
        Some((one.parse().ok()?, other.parse().ok()?))
    })
}

/// Triples of numbers from `a b c,d e f,…`.
pub(super) fn triples(text: Option<&str>) -> impl Iterator<Item = (i64, i64, i64)> {
    text.unwrap_or_default().split(',').filter_map(|triple| {
        let (one, rest) = triple.split_once(' ')?;
        let (two, three) = rest.split_once(' ')?;
        Some((one.parse().ok()?, two.parse().ok()?, three.parse().ok()?))
    })
}
