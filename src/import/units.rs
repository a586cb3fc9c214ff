//! Which unit a cell, a sheet's name or a title means: by code, by name, by what people say.

use crate::domain::{
    alias::head::plain,
    unit::{Unit, UnitKind},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What offices write behind a village's name.
const ENDINGS: &[&str] = &[
    "村民委员会",
    "居民委员会",
    "村委会",
    "居委会",
    "委员会",
    "村支两委",
    "村支部",
    "党支部",
    "村民小组",
    "便民服务中心",
];

/// Words for the unit that the ledger is of itself.
const ITSELF: &[&str] = &[
    "全镇",
    "本镇",
    "镇",
    "镇级",
    "镇本级",
    "本级",
    "镇政府",
    "镇机关",
    "机关",
    "全村",
    "本村",
    "本单位",
    "全校",
    "本校",
    "全县",
    "本县",
    "全区",
    "全街道",
    "街道",
];

/// Words for all villages below.
const ALL: &[&str] = &[
    "各村",
    "各村社区",
    "各村(社区)",
    "各村、社区",
    "各村居",
    "所有村",
    "全镇各村",
    "全镇各村(社区)",
    "每村",
    "每个村",
    "各村委会",
    "全镇所有村",
];

/// The units at and below the one that a ledger is read for.
#[derive(Debug)]
pub struct Units {
    all: Vec<Unit>,
    by_name: HashMap<String, Vec<usize>>,
    by_stem: HashMap<String, Vec<usize>>,
    /// What somebody said a name means here.
    by_word: HashMap<String, Vec<usize>>,
    /// Names of units with others below them, which stand before their villages': 圣灯山镇天坪村.
    above: Vec<String>,
}

/// What a text means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant<'a> {
    One(&'a Unit),
    /// More than one unit bears this name.
    Several,
    /// 天坪村、两河村; 各村.
    List(Vec<&'a Unit>),
    /// Part of it, or all of it, names no unit here.
    Unknown(String),
}

/// A name without what says that it is a village's committee.
fn without_ending(name: &str) -> &str {
    ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).filter(|stem| !stem.is_empty()).unwrap_or(name)
}

/// 天坪村 → 天坪: what is left has to be a name.
fn bare(name: &str) -> &str {
    let stem = ["村", "社区", "小学", "中学", "学校"].iter().find_map(|ending| name.strip_suffix(ending));
    stem.filter(|stem| stem.chars().count() > 1).unwrap_or(name)
}

/// A name without the village's group behind it: 天坪村3组, 两河村二社.
fn without_group(name: &str) -> &str {
    let Some(stem) = ["村民小组", "组", "社", "队"].iter().find_map(|ending| name.strip_suffix(ending)) else {
        return name;
    };
    let village =
        stem.trim_end_matches(|letter: char| letter.is_ascii_digit() || "一二三四五六七八九十、".contains(letter));
    if village.len() < stem.len() && !village.is_empty() { village } else { name }
}

impl Units {
    /// `all` begins with the unit that the ledger is read for.
    pub fn new(all: Vec<Unit>, ancestors: &[Unit]) -> Units {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_stem: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, unit) in all.iter().enumerate() {
            let (name, short) = (plain(&unit.name), plain(&unit.short_name));
            let names = BTreeSet::from([plain(&unit.code), without_ending(&name).to_owned(), name, short.clone()]);
            for name in names {
                by_name.entry(name).or_default().push(place);
            }
            by_stem.entry(bare(without_ending(&short)).to_owned()).or_default().push(place);
        }
        let has_below = |unit: &&Unit| matches!(unit.kind, UnitKind::County | UnitKind::Town);
        let above = all.iter().chain(ancestors).filter(has_below).map(|unit| plain(&unit.short_name)).collect();
        Units { all, by_name, by_stem, by_word: HashMap::new(), above }
    }

    /// Takes what somebody said of names: 沿滩 is the unit with this code.
    pub fn call(&mut self, names: &BTreeMap<String, String>) {
        for (name, code) in names {
            if let Some(place) = self.all.iter().position(|unit| unit.code == *code) {
                self.by_word.insert(plain(name), vec![place]);
            }
        }
    }

    /// The unit that a place names: 天坪村村委会, 石林村院坝.
    pub fn of_place(&self, text: &str) -> Option<&Unit> {
        match self.one(&plain(text)) {
            Some(Meant::One(unit)) => Some(unit),
            Some(_) => None,
            None => self.named_in(text).filter(|unit| self.all.len() == 1 || unit.kind != UnitKind::County),
        }
    }

    /// The unit that the ledger is read for.
    pub fn root(&self) -> Option<&Unit> {
        self.all.first()
    }

    pub fn all(&self) -> &[Unit] {
        &self.all
    }

    /// Whether a text names one unit.
    pub fn is_one(&self, text: &str) -> bool {
        matches!(self.meant(text), Meant::One(_))
    }

    fn places(&self, text: &str) -> &[usize] {
        if let Some(found) = self.by_word.get(text) {
            return found;
        }
        let exact = |name: &str| self.by_name.get(name);
        let mut name = text;
        loop {
            if let Some(found) = exact(name).or_else(|| exact(without_ending(name))) {
                return found;
            }
            // 巴南区圣灯山镇天坪村
            let Some(rest) = self.above.iter().find_map(|above| name.strip_prefix(above.as_str())) else { break };
            if rest.is_empty() {
                break;
            }
            name = rest;
        }
        if let Some(found) = self.by_stem.get(bare(without_ending(name))) {
            return found;
        }
        // 天坪村3组: a part of the village, which is no unit.
        let village = without_group(name);
        exact(village).filter(|_| village != name).map_or(&[], Vec::as_slice)
    }

    fn one(&self, text: &str) -> Option<Meant<'_>> {
        match self.places(text) {
            [] => None,
            [place] => self.all.get(*place).map(Meant::One),
            several => {
                // Of a closed unit and its successor the one that is there.
                let open: Vec<usize> = several
                    .iter()
                    .copied()
                    .filter(|place| self.all.get(*place).is_some_and(|one| one.active_to.is_none()))
                    .collect();
                match open[..] {
                    [place] => self.all.get(place).map(Meant::One),
                    _ => Some(Meant::Several),
                }
            }
        }
    }

    /// What a cell for a unit means.
    pub fn meant(&self, text: &str) -> Meant<'_> {
        let text = plain(text);
        if let Some(found) = self.one(&text) {
            return found;
        }
        if ITSELF.contains(&text.as_str())
            && let Some(root) = self.root()
        {
            return Meant::One(root);
        }
        // Whose counts they are is said by words that are no part of a name.
        let names = ["每村各", "合计", "共计", "联合", "分别", "(", ")"]
            .iter()
            .fold(text.clone(), |text, word| text.replace(word, ""));
        let is_all = ALL.iter().any(|word| plain(word) == text || plain(word).replace(['(', ')'], "") == names);
        let counted = names.strip_suffix("个村").or_else(|| names.strip_suffix("个村社区"));
        if is_all || counted.is_some_and(|number| !number.is_empty() && number.chars().all(|one| one.is_ascii_digit()))
        {
            let villages: Vec<&Unit> = self.villages().collect();
            let as_many =
                counted.and_then(|number| number.parse().ok()).is_none_or(|number: usize| number == villages.len());
            return if as_many && !villages.is_empty() { Meant::List(villages) } else { Meant::Unknown(text) };
        }
        let parts: Vec<&str> =
            names.split(['、', ',', ';', '/', '及', '和', '与', '|']).filter(|part| !part.is_empty()).collect();
        if parts.len() < 2 {
            return match self.one(&names) {
                Some(found) => found,
                None => Meant::Unknown(text),
            };
        }
        let mut list = Vec::new();
        for part in parts {
            match self.one(part) {
                Some(Meant::One(unit)) if !list.contains(&unit) => list.push(unit),
                Some(Meant::One(_)) => {}
                Some(_) => return Meant::Several,
                None => return Meant::Unknown(part.to_owned()),
            }
        }
        match list[..] {
            [unit] => Meant::One(unit),
            _ => Meant::List(list),
        }
    }

    /// The villages and communities that are there.
    fn villages(&self) -> impl Iterator<Item = &Unit> {
        self.all.iter().filter(|one| one.active_to.is_none() && one.kind.answers_to(UnitKind::Village))
    }

    /// The unit whose name stands in a title: the deepest one, if no other of its depth stands there too.
    pub fn named_in(&self, text: &str) -> Option<&Unit> {
        let text = plain(text);
        let depth = |unit: &Unit| unit.path.matches('/').count();
        let stands = |unit: &&Unit| {
            let short = plain(&unit.short_name);
            short.chars().count() > 1 && (text.contains(&short) || text.contains(without_ending(&plain(&unit.name))))
        };
        let found: Vec<&Unit> = self.all.iter().filter(stands).collect();
        let deepest = found.iter().map(|unit| depth(unit)).max()?;
        let mut last = found.into_iter().filter(|unit| depth(unit) == deepest);
        let unit = last.next()?;
        last.next().is_none().then_some(unit)
    }

    /// The deepest unit at or above all of these.
    pub fn common(&self, units: &[&Unit]) -> Option<&Unit> {
        let fits = |one: &&Unit| units.iter().all(|unit| unit.id != one.id && unit.path.starts_with(&one.path));
        self.all.iter().filter(fits).max_by_key(|one| one.path.len())
    }
}
