//! A picture of how well picks were predicted, issue by issue.

use std::fmt::Write as _;

use super::{Scored, measures};

/// The rankings of one ranker.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its rankings, in the order of time.
    pub issues: &'a [Scored],
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 624.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 280.0;

/// Colors that are told apart by those who see few, and in print.
const COLORS: [&str; 5] = ["#0b5fa5", "#b35c00", "#5b7f00", "#8a3ea8", "#777777"];

/// Draws nDCG@20 of every curve as SVG, as a mean over the last eight issues.
#[expect(clippy::cast_precision_loss, reason = "a small number")]
pub fn plot(title: &str, curves: &[Curve<'_>]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>{0}</title>\n<text x=\"{LEFT}\" \
         y=\"20\" font-size=\"14\">{0}</text>\n",
        escaped(title)
    );
    for step in 0..=5 {
        let value = f64::from(step) / 5.0;
        let y = BOTTOM - value * (BOTTOM - TOP);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {y}H{RIGHT}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{}\" \
             text-anchor=\"end\">{value:.1}</text>",
            LEFT - 6.0,
            y + 4.0
        );
    }
    let mut x = LEFT;
    for (curve, color) in curves.iter().zip(COLORS.iter().cycle()) {
        let values: Vec<f64> = curve
            .issues
            .iter()
            .map(|issue| measures(&issue.ranked()).ndcg_20)
            .collect();
        let mut path = String::new();
        for at in 0..values.len() {
            let last = &values[at.saturating_sub(7)..=at];
            let mean = last.iter().sum::<f64>() / last.len() as f64;
            let x = LEFT + (RIGHT - LEFT) * at as f64 / (values.len().max(2) - 1) as f64;
            let y = BOTTOM - mean * (BOTTOM - TOP);
            let _ = write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
        }
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/><text \
             x=\"{x}\" y=\"{}\" fill=\"{color}\">{}</text>",
            HEIGHT - 12.0,
            escaped(curve.name)
        );
        x += 14.0 + 6.5 * curve.name.chars().count() as f64;
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_a_line_for_every_ranker() {
        let issue = Scored {
            day: 0,
            candidates: vec![0, 1],
            scores: vec![1.0, 0.0],
            picked: vec![true, false],
            chances: Vec::new(),
        };
        let issues = [issue.clone(), issue];
        let curve = |name| Curve {
            name,
            issues: &issues,
        };
        let svg = plot("A & B", &[curve("learned"), curve("newest")]);
        assert!(
            svg.starts_with("<svg") && svg.ends_with("</svg>\n"),
            "{svg}"
        );
        assert!(svg.contains("A &amp; B"), "{svg}");
        assert_eq!(
            svg.matches("d=\"M48.0 40.0L624.0 40.0\"").count(),
            2,
            "{svg}"
        );
    }
}
