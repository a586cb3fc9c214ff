//! Inspections (迎检): the rules by which a unit is looked at, item by item, and the folder that shows each: notice, plan,
//! sign-in, photos, brief, summary. Points are what a unit says of itself; nothing is reckoned from them.

mod draft;
mod name;

pub use draft::{CheckedItem, CheckedScheme, ItemDraft, Points, SchemeDraft};
pub use name::{file_name, folder_names, safe, unlike};

use super::evidence::Kind;

crate::keyed! {
    /// What a file is to an inspector, in the order in which they lie in a folder.
    Material {
        Notice => "notice",
        Plan => "plan",
        SignIn => "sign_in",
        Photo => "photo",
        Brief => "brief",
        Summary => "summary",
        /// Rosters, minutes, whatever else.
        Other => "other",
    }
}

impl Material {
    /// Those that rules ask for.
    pub fn asked() -> impl Iterator<Item = Material> {
        Material::ALL.iter().copied().filter(|one| *one != Material::Other)
    }

    /// What a piece of evidence is: its name says it, and a picture whose name says nothing is a photo.
    pub fn of_piece(name: &str, kind: Kind) -> Material {
        match (Material::in_words(name), kind) {
            (Some(material), _) => material,
            (None, Kind::Photo) => Material::Photo,
            (None, Kind::Document) => Material::Other,
        }
    }

    /// The kind that a name ends with, as 关于印发…方案的通知 is a notice; else the first one that it names.
    fn in_words(text: &str) -> Option<Material> {
        let stem = text.rsplit_once('.').map_or(text, |(stem, _)| stem);
        let last = Material::asked().find(|one| one.words().iter().any(|word| stem.ends_with(word)));
        if last.is_some() {
            return last;
        }
        let words = Material::asked().flat_map(|one| one.words().iter().map(move |word| (one, *word)));
        let places = words.filter_map(|(one, word)| Some((text.find(word)?, one)));
        places.min_by_key(|(place, _)| *place).map(|(_, one)| one)
    }

    /// All the kinds that a text names, as a cell of the rules does: 通知、方案、照片.
    pub fn all_in_words(text: &str) -> Vec<Material> {
        Material::asked().filter(|one| one.words().iter().any(|word| text.contains(word))).collect()
    }

    /// What a text asks for besides these kinds, in its own words: 名册、聘书.
    pub fn others_in_words(text: &str) -> Vec<String> {
        let parts = text.split(|letter: char| letter.is_whitespace() || "、，,；;。/".contains(letter));
        let mut others: Vec<String> = Vec::new();
        for part in parts.filter(|part| !part.is_empty() && Material::all_in_words(part).is_empty()) {
            if others.iter().all(|own| own != part) {
                others.push(part.to_owned());
            }
        }
        others
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Material::Notice => &["通知", "文件", "notice"],
            Material::Plan => &["方案", "计划", "plan"],
            Material::SignIn => &["签到", "sign-in", "signin"],
            Material::Photo => &["照片", "图片", "影像", "photo"],
            Material::Brief => &["简报", "信息", "报道", "brief"],
            Material::Summary => &["总结", "汇报", "summary"],
            Material::Other => &[],
        }
    }
}

crate::keyed! {
    /// What shows an item.
    Proof {
        Campaign => "campaign",
        Theme => "theme",
        Type => "type",
        Measure => "measure",
        Indicator => "indicator",
        Roster => "roster",
    }
}

/// The kinds that are asked for and not there.
pub fn missing(asked: &[Material], there: impl IntoIterator<Item = Material>) -> Vec<Material> {
    let there: Vec<Material> = there.into_iter().collect();
    asked.iter().copied().filter(|one| !there.contains(one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_piece_is_and_the_first_word_counts() {
        for (name, kind, expected) in [
            ("关于开展宪法宣传周的通知.pdf", Kind::Document, Material::Notice),
            ("关于印发普法工作计划的通知.pdf", Kind::Document, Material::Notice),
            ("12.4活动方案.docx", Kind::Document, Material::Plan),
            ("签到表.jpg", Kind::Photo, Material::SignIn),
            ("IMG_2021.jpg", Kind::Photo, Material::Photo),
            ("工作总结.docx", Kind::Document, Material::Summary),
            ("会议纪要.pdf", Kind::Document, Material::Other),
            ("简报（总结会）.docx", Kind::Document, Material::Brief),
        ] {
            assert_eq!(Material::of_piece(name, kind), expected, "{name}");
        }
    }

    #[test]
    fn a_cell_of_the_rules_names_several_and_what_is_not_there_is_missing() {
        let asked = Material::all_in_words("印发通知、活动照片、总结");
        assert_eq!(asked, [Material::Notice, Material::Photo, Material::Summary]);
        assert_eq!(missing(&asked, [Material::Photo, Material::Photo]), [Material::Notice, Material::Summary]);
        assert!(missing(&[], [Material::Other]).is_empty());
        assert_eq!(Material::others_in_words("通知、名册、聘书，活动照片；名册"), ["名册", "聘书"]);
    }
}
