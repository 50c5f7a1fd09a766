//! The style sheet of the pages.

/// Its file name, in the folder of the index.
pub const FILE_NAME: &str = "style.css";

/// The style sheet: light and dark, narrow and wide, screen and paper.
pub const CSS: &str = include_str!("../../templates/style.css");

#[cfg(test)]
mod tests {
    use super::*;

    /// The value of a colour in the light scheme, then in the dark one.
    fn colors(name: &str) -> Vec<u32> {
        let mark = format!("--{name}: #");
        CSS.split(&mark)
            .skip(1)
            .take(2)
            .map(|rest| u32::from_str_radix(&rest[..6], 16).unwrap())
            .collect()
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(color: u32) -> f64 {
        let part = |shift: u32| {
            let value = f64::from(color >> shift & 0xff) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    #[test]
    fn has_enough_contrast_in_light_and_dark() {
        for text in ["ink", "soft", "link"] {
            for ground in ["paper", "tint"] {
                for (text, ground) in colors(text).into_iter().zip(colors(ground)) {
                    let (text, ground) = (luminance(text), luminance(ground));
                    let ratio = (text.max(ground) + 0.05) / (text.min(ground) + 0.05);
                    assert!(ratio >= 4.5, "{ratio}");
                }
            }
        }
        assert_eq!(colors("ink").len(), 2);
    }

    #[test]
    fn stays_small_and_loads_nothing() {
        assert!(CSS.len() < 4096, "{} bytes", CSS.len());
        assert!(!CSS.contains("url(") && !CSS.contains("@import"));
        assert_eq!(CSS.matches('{').count(), CSS.matches('}').count());
    }
}
