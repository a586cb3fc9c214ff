//! Looking at entries: accepted, or returned to their author with a remark. All but withdrawn ones count meanwhile.

use super::problem::Problems;
use crate::locale::Locale;

crate::keyed! {
    /// What an officer found of an entry.
    Verdict { Accepted => "accepted", Returned => "returned" }
}

crate::keyed! {
    /// Why entries are mostly returned.
    Preset {
        /// 缺照片
        Photo => "photo",
        /// 数量存疑
        Doubtful => "doubtful",
        /// 重复
        Twice => "twice",
    }
}

impl Preset {
    pub fn words(self, locale: Locale) -> &'static str {
        match self {
            Preset::Photo => locale.review_preset_photo(),
            Preset::Doubtful => locale.review_preset_doubtful(),
            Preset::Twice => locale.review_preset_twice(),
        }
    }
}

/// The most characters of a remark.
pub const LONGEST_REMARK: usize = 500;

/// Why an entry goes back: presets, own words, or both; never nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark {
    pub presets: Vec<Preset>,
    pub words: String,
}

impl Remark {
    /// Reads what was ticked and typed.
    pub fn check(presets: &[&str], words: &str, locale: Locale, problems: &mut Problems) -> Remark {
        let mut remark = Remark { presets: Vec::new(), words: words.trim().to_owned() };
        for key in presets {
            match Preset::from_key(key) {
                Some(preset) if !remark.presets.contains(&preset) => remark.presets.push(preset),
                Some(_) => {}
                None => problems.add("presets", locale.activity_unknown(key)),
            }
        }
        if remark.words.chars().count() > LONGEST_REMARK {
            problems.add("remark", locale.activity_text_too_long(LONGEST_REMARK));
        } else if remark.words.is_empty() && remark.presets.is_empty() {
            problems.add("remark", locale.review_remark_missing());
        }
        remark
    }

    /// Reads what is stored.
    pub fn of(reasons: &str, words: String) -> Remark {
        Remark { presets: reasons.split(',').filter_map(Preset::from_key).collect(), words }
    }

    /// The presets as they are stored.
    pub fn reasons(&self) -> String {
        self.presets.iter().map(|preset| preset.key()).collect::<Vec<_>>().join(",")
    }

    /// 缺照片、数量存疑：请补两张。
    pub fn text(&self, locale: Locale) -> String {
        let presets: Vec<&str> = self.presets.iter().map(|preset| preset.words(locale)).collect();
        let presets = presets.join(if locale == Locale::Zh { "、" } else { ", " });
        match (presets.is_empty(), self.words.is_empty()) {
            (true, _) => self.words.clone(),
            (false, true) => presets,
            (false, false) => locale.review_remark(presets, &self.words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_a_preset_or_words_and_never_nothing() {
        let check = |presets: &[&str], words: &str| {
            let mut problems = Problems::default();
            let remark = Remark::check(presets, words, Locale::Zh, &mut problems);
            problems.into_result(remark)
        };
        let both = check(&["photo", "twice", "photo"], " 请补两张 ").expect("a remark");
        assert_eq!(both.text(Locale::Zh), "缺照片、重复：请补两张");
        assert_eq!(Remark::of(&both.reasons(), both.words.clone()), both);
        assert_eq!(check(&["doubtful"], "").expect("a remark").text(Locale::Zh), "数量存疑");
        assert_eq!(check(&[], "写错村了").expect("a remark").text(Locale::Zh), "写错村了");
        for (presets, words) in [(&[][..], "  "), (&["none such"][..], "x"), (&[][..], &"长".repeat(501))] {
            assert!(check(presets, words).is_err());
        }
    }
}
