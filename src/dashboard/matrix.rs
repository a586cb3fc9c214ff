//! Who got only banners: units × themes, what is held face to face told apart from what hangs, lies or is broadcast.

use super::{
    action::Home,
    link::Behind,
    months::linked,
    parts::{fold, plot},
};
use crate::{
    chart::{
        Touch,
        grid::{Cell, Grid, Group, Row, matrix as draw},
    },
    domain::{catalogue::Theme, measure::Total, unit::Unit},
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The most themes that stand in the chart; the table has all.
const THEMES: usize = 8;
/// How many units a finding names.
const NAMED: usize = 3;

/// What a unit did on a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub activities: i64,
    /// Whether any of it was held face to face.
    pub interactive: bool,
}

/// What each unit did on each theme (0: none); `interactive` are the ids of the measures that count what is held face to
/// face.
pub fn done(by_theme: &BTreeMap<(i64, i64, i64), Total>, interactive: &BTreeSet<i64>) -> BTreeMap<(i64, i64), Done> {
    let mut all: BTreeMap<(i64, i64), Done> = BTreeMap::new();
    for ((unit, theme, measure), total) in by_theme {
        let done = all.entry((*unit, *theme)).or_default();
        if *measure == 0 {
            done.activities += total.activities;
        }
        done.interactive |= interactive.contains(measure) && total.activities > 0;
    }
    all
}

/// Whether a unit did something, and nothing of it face to face.
pub fn is_passive(done: &BTreeMap<(i64, i64), Done>, unit: i64) -> bool {
    let mut own = done.range((unit, i64::MIN)..=(unit, i64::MAX)).map(|(_, done)| done).peekable();
    own.peek().is_some() && own.all(|done| !done.interactive)
}

/// 陈家社区、石林村只有横幅、资料一类，没有面对面的活动.
pub fn finding(locale: Locale, passive: &[&str]) -> String {
    let names = passive.iter().take(NAMED).copied().collect::<Vec<_>>().join(locale.dash_comma());
    match passive.len() {
        0 => locale.dash_matrix_all().to_owned(),
        few if few <= NAMED => locale.dash_matrix_few(names),
        many => locale.dash_matrix_many(many, names),
    }
}

/// The chart and its table; nothing where no units stand side by side, or no activity names a theme.
pub fn matrix(ctx: &Ctx, home: &Home) -> Option<AnyView> {
    let locale = ctx.locale;
    let units = home.beside();
    let interactive: BTreeSet<i64> =
        home.catalogue.measures.iter().filter(|measure| measure.interactive).map(|measure| measure.id).collect();
    let done = done(&home.figures.by_theme, &interactive);
    let count = |theme: i64| home.themes.get(&(theme, 0)).map_or(0, |total| total.activities);
    let themes: Vec<&Theme> = home.catalogue.themes.iter().filter(|theme| count(theme.id) > 0).collect();
    if units.len() < 2 || themes.is_empty() || home.figures.by_theme.is_empty() {
        return None;
    }
    let mut frequent = themes.clone();
    frequent.sort_by_key(|theme| std::cmp::Reverse(count(theme.id)));
    frequent.truncate(THEMES);
    let shown: Vec<&Theme> =
        themes.iter().filter(|theme| frequent.iter().any(|own| own.id == theme.id)).copied().collect();
    let (some, nothing): (Vec<&Unit>, Vec<&Unit>) =
        units.iter().partition(|unit| done.range((unit.id, i64::MIN)..=(unit.id, i64::MAX)).next().is_some());
    let (passive, others): (Vec<&Unit>, Vec<&Unit>) = some.iter().partition(|unit| is_passive(&done, unit.id));
    let names: Vec<&str> = passive.iter().map(|unit| unit.short_name.as_str()).collect();
    let finding = finding(locale, &names);
    let group = |title: String, units: &[&Unit]| Group {
        title,
        rows: units.iter().map(|unit| row(locale, home, unit, &shown, &done)).collect(),
    };
    let chart = draw(&Grid {
        label: finding.clone(),
        columns: shown.iter().map(|theme| name_of(locale, theme)).collect(),
        groups: vec![
            group(locale.dash_matrix_passive(passive.len()), &passive),
            group(locale.dash_matrix_others(others.len()), &others),
            group(locale.dash_group_nothing(nothing.len()), &nothing),
        ],
    });
    let more = (themes.len() > shown.len()).then(|| locale.dash_matrix_more(themes.len() - shown.len()));
    let table = table(locale, home, &units, &themes, &done);
    Some(fold(
        finding,
        view! {
                <p class="muted">{locale.dash_matrix_subtitle(&home.unit.short_name, home.year)}{more}</p>
                {plot(locale, "matrix", &chart)}
                <details>
                    <summary>{locale.dash_table()}</summary>
                    {table}
                </details>
        },
    ))
}

fn name_of(locale: Locale, theme: &Theme) -> String {
    locale.name(&theme.name, theme.name_en.as_deref()).to_owned()
}

/// The entries of a unit on a theme, with all below it.
fn behind(home: &Home, unit: &Unit, theme: Option<&str>) -> String {
    Behind::new(&unit.code, home.period()).theme(theme).address()
}

fn row(locale: Locale, home: &Home, unit: &Unit, themes: &[&Theme], done: &BTreeMap<(i64, i64), Done>) -> Row {
    let cells = themes
        .iter()
        .map(|theme| {
            let done = done.get(&(unit.id, theme.id)).copied().unwrap_or_default();
            let (unit_name, theme_name) = (&unit.short_name, name_of(locale, theme));
            let touch = |title: String| Touch { title, href: Some(behind(home, unit, Some(&theme.key))) };
            match (done.activities, done.interactive) {
                // Nothing leads to nothing: what is missing here is no gap that somebody asked to be filled.
                (0, _) => Cell::Ahead(Touch { title: locale.dash_matrix_none(theme_name, unit_name), href: None }),
                (count, true) => Cell::Figure(count, touch(locale.dash_matrix_cell(count, theme_name, unit_name))),
                (count, false) => {
                    Cell::Hatched(count, touch(locale.dash_matrix_cell_passive(count, theme_name, unit_name)))
                }
            }
        })
        .collect();
    let touch = Touch { title: unit.short_name.clone(), href: Some(behind(home, unit, None)) };
    Row { name: unit.short_name.clone(), touch, cells }
}

fn table(
    locale: Locale,
    home: &Home,
    units: &[&Unit],
    themes: &[&Theme],
    done: &BTreeMap<(i64, i64), Done>,
) -> impl IntoView + use<> {
    let head =
        themes.iter().map(|theme| view! { <th scope="col" class="num">{name_of(locale, theme)}</th> }).collect_view();
    let rows = units
        .iter()
        .map(|unit| {
            let cells = themes
                .iter()
                .map(|theme| {
                    let done = done.get(&(unit.id, theme.id)).copied().unwrap_or_default();
                    let mark = (done.activities > 0 && !done.interactive)
                        .then(|| view! { " "<small>{locale.dash_matrix_mark()}</small> });
                    let figure = linked(done.activities, Some(behind(home, unit, Some(&theme.key))));
                    view! { <td class="num">{figure}{mark}</td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{unit.short_name.clone()}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.dash_matrix_caption()}</caption>
                <thead><tr><th scope="col">{locale.dash_unit()}</th>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANNER: i64 = 1;
    const LECTURE: i64 = 2;

    /// Village 7 hung banners on two themes, village 8 also met people on one.
    fn book() -> BTreeMap<(i64, i64), Done> {
        let once = Total { activities: 1, exact: 1, ..Total::default() };
        let twice = Total { activities: 2, exact: 2, ..Total::default() };
        let rows = BTreeMap::from([
            ((7, 1, 0), once),
            ((7, 1, BANNER), once),
            ((7, 0, 0), once),
            ((7, 0, BANNER), once),
            ((8, 1, 0), twice),
            ((8, 1, BANNER), once),
            ((8, 1, LECTURE), once),
            ((8, 2, 0), once),
            ((8, 2, BANNER), once),
        ]);
        done(&rows, &BTreeSet::from([LECTURE]))
    }

    #[test]
    fn who_hung_banners_only_is_told_from_who_also_met_people() {
        let done = book();
        assert!(is_passive(&done, 7) && !is_passive(&done, 8));
        assert!(!is_passive(&done, 9), "who did nothing is left out, which is another finding");
        assert_eq!(done[&(8, 1)], Done { activities: 2, interactive: true });
        assert_eq!(done[&(8, 2)], Done { activities: 1, interactive: false });
    }

    #[test]
    fn the_finding_names_few_and_counts_many() {
        let zh = |names: &[&str]| finding(Locale::Zh, names);
        assert_eq!(zh(&[]), "做过活动的单位都有面对面的活动");
        assert_eq!(zh(&["天坪村", "两河村"]), "天坪村、两河村只有横幅、资料、广播一类，没有面对面的活动");
        assert_eq!(
            zh(&["天坪村", "两河村", "大佛村", "石林村"]),
            "天坪村、两河村、大佛村等4个单位只有横幅、资料、广播一类，没有面对面的活动"
        );
        assert_eq!(
            finding(Locale::En, &["Tianping"]),
            "Tianping had only banners, leaflets, broadcasts and the like, nothing face to face"
        );
    }
}
