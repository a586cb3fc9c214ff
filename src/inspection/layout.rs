//! What lies where in the folder, and what does not fit into it. Pure: the page tells beforehand what the folder will tell.

use super::{
    gather::{File, Filled},
    words,
};
use crate::{
    domain::inspection::{Material, file_name, folder_names, safe, unlike},
    locale::Locale,
};

/// What a folder may hold: what a memory stick and an inspector take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub files: usize,
    pub bytes: i64,
}

/// The folder's own.
pub const LIMITS: Limits = Limits { files: 3_000, bytes: 1_000_000_000 };

/// A file with its place in the folder.
pub struct Laid<'a> {
    pub path: String,
    pub file: &'a File,
}

/// What of an item does not fit.
pub struct LeftOut {
    /// 3 开展宪法宣传.
    pub item: String,
    pub files: i64,
}

/// The folder: what lies where, the lines of its table of contents, and what was left out.
pub struct Layout<'a> {
    pub laid: Vec<Laid<'a>>,
    pub contents: Vec<String>,
    pub left_out: Vec<LeftOut>,
}

impl Layout<'_> {
    /// What was left out, in one sentence; nothing where nothing was.
    pub fn left_out_words(&self, locale: Locale) -> Option<String> {
        let files: i64 = self.left_out.iter().map(|one| one.files).sum();
        let items: Vec<String> =
            self.left_out.iter().map(|one| locale.inspection_left_out_of(one.files, &one.item)).collect();
        let separator = match locale {
            Locale::Zh => "；",
            Locale::En => "; ",
        };
        (files > 0).then(|| locale.inspection_left_out(files, items.join(separator), LIMITS.files))
    }
}

/// Which files fit, in the order of items and groups: documents before photos, of which there are many.
fn fitting(filled: &[Filled], limits: Limits) -> Vec<bool> {
    let files: Vec<&File> = filled.iter().flat_map(Filled::files).collect();
    let mut fits = vec![false; files.len()];
    let (mut count, mut bytes) = (0, 0_i64);
    for photos in [false, true] {
        for (place, file) in files.iter().enumerate().filter(|(_, file)| file.is_photo == photos) {
            if count < limits.files && bytes.saturating_add(file.size) <= limits.bytes {
                (count, bytes, fits[place]) = (count + 1, bytes + file.size, true);
            }
        }
    }
    fits
}

/// What a file is called in the folder: a draft says that it is one.
fn name_of(locale: Locale, number: usize, file: &File) -> String {
    let material = match file.material {
        Material::Other => "",
        other => words::material(locale, other),
    };
    match file.is_draft {
        true => {
            let name = format!("{} {material} {}", locale.inspection_draft(), file.name);
            file_name(number, "", &name, &file.ending)
        }
        false => file_name(number, material, &file.name, &file.ending),
    }
}

/// Lays the files by item and, where several things show it, by what does; each numbered.
pub fn lay<'a>(locale: Locale, filled: &'a [Filled], limits: Limits) -> Layout<'a> {
    let names: Vec<(&str, &str)> =
        filled.iter().map(|one| (one.item.number.as_str(), one.item.name.as_str())).collect();
    let mut fits = fitting(filled, limits).into_iter();
    let (mut laid, mut contents, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for (one, folder) in filled.iter().zip(folder_names(&names)) {
        contents.push(String::new());
        contents.push(format!("{folder}{}", points(locale, one)));
        let shown: Vec<_> = one.groups.iter().filter(|group| !group.files.is_empty()).collect();
        let (mut used, mut missed) = (Vec::new(), 0);
        for group in &shown {
            let part = unlike(&used, safe(&group.title));
            used.push(part.clone());
            contents.push(format!("　{part}（{}）", words::group(locale, group)));
            // What alone shows an item needs no folder of its own.
            let path = if shown.len() == 1 { folder.clone() } else { format!("{folder}/{part}") };
            for (number, file) in (1..).zip(&group.files) {
                let name = name_of(locale, number, file);
                if fits.next() == Some(true) {
                    contents.push(format!("　　{name}"));
                    laid.push(Laid { path: format!("{path}/{name}"), file });
                } else {
                    contents.push(format!("　　{}", locale.inspection_left_out_line(&name)));
                    missed += 1;
                }
            }
            if group.beyond > 0 {
                contents.push(format!("　　{}", locale.inspection_left_out_more(group.beyond)));
                missed += group.beyond;
            }
        }
        if shown.is_empty() {
            contents.push(format!("　{}", locale.inspection_nothing_there()));
        }
        if missed > 0 {
            left_out.push(LeftOut { item: words::item(&one.item.number, &one.item.name), files: missed });
        }
    }
    Layout { laid, contents, left_out }
}

/// The points of an item, as far as they are said.
fn points(locale: Locale, filled: &Filled) -> String {
    let item = &filled.item;
    match (item.points, item.own_points) {
        (Some(points), Some(own)) => locale.inspection_points_both(own, points),
        (Some(points), None) => locale.inspection_points_full(points),
        (None, Some(own)) => locale.inspection_points_own(own),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspection::{
        gather::{Group, Source},
        store::Item,
    };
    use proptest::prelude::*;

    fn file(material: Material, name: &str, size: i64) -> File {
        File {
            material,
            name: name.into(),
            ending: if material == Material::Photo { "jpg" } else { "pdf" }.into(),
            source: Source::Stored(name.into()),
            caption: String::new(),
            day: None,
            id: None,
            is_photo: material == Material::Photo,
            is_draft: false,
            size,
        }
    }

    fn item(number: &str, name: &str, groups: Vec<(&str, Vec<File>)>) -> Filled {
        let item = Item {
            id: 1,
            inspection_id: 1,
            number: number.into(),
            name: name.into(),
            materials: Vec::new(),
            others: Vec::new(),
            points: None,
            own_points: None,
            reason: String::new(),
            proofs: Vec::new(),
        };
        let group = |(title, files): (&str, Vec<File>)| Group { title: title.into(), files, ..Group::of(None) };
        Filled {
            item,
            groups: groups.into_iter().map(group).collect(),
            missing: Vec::new(),
            lacking: Vec::new(),
            gone: 0,
        }
    }

    fn paths(layout: &Layout<'_>) -> Vec<String> {
        layout.laid.iter().map(|one| one.path.clone()).collect()
    }

    #[test]
    fn photos_that_do_not_fit_are_named_where_they_would_lie_and_documents_go_first() {
        let filled = [
            item(
                "1",
                "宪法宣传",
                vec![("宪法", vec![file(Material::Photo, "甲", 60), file(Material::Photo, "乙", 60)])],
            ),
            item("2", "总结", vec![("本项文件", vec![file(Material::Summary, "年度总结", 30)])]),
        ];
        let all = lay(Locale::Zh, &filled, LIMITS);
        assert_eq!(
            paths(&all),
            ["01 宪法宣传/01 照片 甲.jpg", "01 宪法宣传/02 照片 乙.jpg", "02 总结/01 年度总结.pdf"]
        );
        assert_eq!(all.left_out_words(Locale::Zh), None);
        for limits in [Limits { files: 2, bytes: 1_000 }, Limits { files: 9, bytes: 100 }] {
            let some = lay(Locale::Zh, &filled, limits);
            assert_eq!(paths(&some), ["01 宪法宣传/01 照片 甲.jpg", "02 总结/01 年度总结.pdf"]);
            assert!(some.contents.iter().any(|line| line.contains("02 照片 乙.jpg") && line.contains("未放入")));
            let said = some.left_out_words(Locale::Zh).expect("a sentence");
            assert!(said.contains("1个文件") && said.contains("1 宪法宣传"), "{said}");
        }
    }

    #[test]
    fn two_things_of_one_name_lie_apart_and_a_draft_is_called_one() {
        let draft = File { is_draft: true, ending: "docx".into(), ..file(Material::Brief, "宣传周", 1) };
        let filled =
            [item("", "宣传", vec![("宣传周", vec![draft]), ("宣传周", vec![file(Material::Other, "纪要.pdf", 1)])])];
        let layout = lay(Locale::Zh, &filled, LIMITS);
        assert_eq!(paths(&layout), ["01 宣传/宣传周/01 系统草稿 简报 宣传周.docx", "01 宣传/宣传周（2）/01 纪要.pdf"]);
    }

    proptest! {
        #[test]
        fn nothing_is_laid_twice_in_one_place_and_all_is_laid_or_named(
            sizes in prop::collection::vec((0_i64..100, any::<bool>()), 0..40),
            files in 0_usize..40,
            bytes in 0_i64..2_000,
        ) {
            let one = |(size, photo): &(i64, bool)| file(if *photo { Material::Photo } else { Material::Other }, "同名", *size);
            let filled = [item("1", "甲", vec![("组", sizes.iter().map(one).collect()), ("组", sizes.iter().map(one).collect())])];
            let layout = lay(Locale::Zh, &filled, Limits { files, bytes });
            let left: i64 = layout.left_out.iter().map(|one| one.files).sum();
            prop_assert_eq!(layout.laid.len() as i64 + left, 2 * sizes.len() as i64);
            prop_assert!(layout.laid.len() <= files);
            prop_assert!(layout.laid.iter().map(|one| one.file.size).sum::<i64>() <= bytes);
            let mut own = paths(&layout);
            own.sort();
            own.dedup();
            prop_assert_eq!(own.len(), layout.laid.len());
        }
    }
}
