//! Whatever is asked: each entry once in every order, the groups less their overlaps make the whole, and the kept totals
//! say what reading the ledger says.

use super::{
    filter_of_test::{Dice, random_filter},
    group_view::parts_of,
    sums,
};
use crate::{
    activity::{
        list_store::{self, After, By, Group, GroupBy, Order, Summary},
        store::{Entry, Filter},
    },
    catalogue,
    domain::{access::Scope, measure::Total, period::Month, unit::Unit},
    figure,
    server::{
        db::Conn,
        testing::{World, each_engine},
    },
    unit,
};
use std::collections::BTreeMap;

const GROUPS: [GroupBy; 6] =
    [GroupBy::Month, GroupBy::Unit, GroupBy::Type, GroupBy::Theme, GroupBy::Campaign, GroupBy::Handler];

async fn all(conn: &mut Conn, unit: &Unit, filter: &Filter) -> Vec<Entry> {
    list_store::page(conn, unit, filter, Order::default(), None, 10_000).await.expect("entries")
}

fn add(totals: &mut BTreeMap<i64, Total>, entry: &Entry, times: i64) {
    for (id, count) in entry.measure_ids.iter().zip(&entry.draft.quantities) {
        for _ in 0..times {
            *totals.entry(*id).or_default() += Total::of(count.precision, count.value);
        }
    }
}

/// The sum of entries, by definition.
fn sum(entries: &[Entry]) -> Summary {
    let late = i64::try_from(entries.iter().filter(|entry| entry.late).count()).expect("few");
    let mut summary =
        Summary { count: i64::try_from(entries.len()).expect("few"), late: Some(late), ..Default::default() };
    entries.iter().for_each(|entry| add(&mut summary.totals, entry, 1));
    summary
}

/// In how many groups an entry stands.
fn memberships(entry: &Entry, by: GroupBy) -> i64 {
    let number = match by {
        GroupBy::Theme => entry.draft.themes.len(),
        GroupBy::Campaign => entry.draft.campaigns.len(),
        _ => 1,
    };
    i64::try_from(number.max(1)).expect("few")
}

fn group_by_hand(entries: &[Entry], by: GroupBy, theme_id: impl Fn(&str) -> i64) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        let draft = &entry.draft;
        let keys = match by {
            GroupBy::Month => vec![Month::of(draft.date).to_string()],
            GroupBy::Unit => vec![draft.unit.clone()],
            GroupBy::Type => vec![entry.type_id.to_string()],
            GroupBy::Handler => vec![draft.handler.clone()],
            GroupBy::Theme if draft.themes.is_empty() => vec!["0".to_owned()],
            GroupBy::Theme => draft.themes.iter().map(|key| theme_id(key).to_string()).collect(),
            GroupBy::Campaign if draft.campaigns.is_empty() => vec![String::new()],
            GroupBy::Campaign => draft.campaigns.clone(),
        };
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

#[tokio::test]
async fn the_groups_less_what_stands_in_several_make_the_whole_whatever_is_asked() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        figure::tests::book(&world).await;
        let mut conn = world.db.read().await.expect("a transaction");
        let catalogue = catalogue::store::everything(&mut conn).await.expect("a catalogue");
        let units = unit::store::all(&mut conn, &Scope::everything()).await.expect("units");
        let mut dice = Dice::new(11);
        let mut found = 0;
        for round in 0..60 {
            let unit = &units[dice.below(units.len())];
            let filter = random_filter(&mut dice, &catalogue);
            let entries = all(&mut conn, unit, &filter).await;
            found += entries.len();
            let whole = sum(&entries);
            let read = list_store::summary(&mut conn, unit, &filter).await.expect("a sum");
            assert_eq!(read, whole, "round {round}: {filter:?}");
            let shown = sums::summary(&mut conn, unit, &filter).await.expect("a sum");
            assert_eq!((shown.count, &shown.totals), (whole.count, &whole.totals), "round {round}: {filter:?}");
            for by in GROUPS {
                let groups: Vec<Group> = list_store::groups(&mut conn, unit, &filter, by).await.expect("groups");
                let counts: BTreeMap<String, i64> =
                    groups.iter().map(|group| (group.key.clone(), group.count)).collect();
                let theme_id = |key: &str| catalogue.theme(key).expect("a theme").id;
                assert_eq!(counts, group_by_hand(&entries, by, theme_id), "round {round} by {by:?}");
                let (count, mut parts) = parts_of(&groups);
                let mut overlap = BTreeMap::new();
                let mut twice = 0;
                for entry in &entries {
                    twice += memberships(entry, by) - 1;
                    add(&mut overlap, entry, memberships(entry, by) - 1);
                }
                for (id, total) in overlap {
                    let part = parts.get_mut(&id).expect("a part");
                    *part = *part - total;
                }
                assert_eq!((count - twice, parts), (whole.count, whole.totals.clone()), "round {round} by {by:?}");
            }
        }
        assert!(found > 300, "the filters find something: {found}");
    })
    .await;
}

#[tokio::test]
async fn page_by_page_each_entry_is_seen_exactly_once_in_every_order() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        figure::tests::book(&world).await;
        let mut conn = world.db.read().await.expect("a transaction");
        let catalogue = catalogue::store::everything(&mut conn).await.expect("a catalogue");
        let units = unit::store::all(&mut conn, &Scope::everything()).await.expect("units");
        let town = units.iter().find(|unit| unit.code == "500999001").expect("the town");
        let filter = Filter::default();
        let measure = catalogue.measure("leaflet").expect("leaflets").id;
        let whole = all(&mut conn, town, &filter).await.len();
        for by in [By::Day, By::Unit, By::Type, By::Entered, By::Measure(measure)] {
            for descending in [false, true] {
                let order = Order { by, descending };
                let mut seen = Vec::new();
                let mut after: Option<After> = None;
                loop {
                    let page =
                        list_store::page(&mut conn, town, &filter, order, after.as_ref(), 7).await.expect("a page");
                    let Some(last) = page.last() else { break };
                    // As it goes through an address.
                    after = After::read(&After::entry(last, order).write(), order);
                    assert!(after.is_some(), "{order:?}");
                    seen.extend(page.into_iter().map(|entry| entry.draft.id));
                }
                let once = list_store::page(&mut conn, town, &filter, order, None, 10_000).await.expect("all");
                let once: Vec<_> = once.into_iter().map(|entry| entry.draft.id).collect();
                assert_eq!((seen.len(), seen), (whole, once), "{order:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_order_is_what_it_says() {
    let world = World::new(crate::server::testing::sqlite().await).await;
    figure::tests::book(&world).await;
    let mut conn = world.db.read().await.expect("a transaction");
    let catalogue = catalogue::store::everything(&mut conn).await.expect("a catalogue");
    let units = unit::store::all(&mut conn, &Scope::everything()).await.expect("units");
    let measure = catalogue.measure("leaflet").expect("leaflets").id;
    let order = Order { by: By::Measure(measure), descending: true };
    let page = list_store::page(&mut conn, &units[0], &Filter::default(), order, None, 10_000).await.expect("all");
    let values: Vec<i64> = page.iter().map(|entry| super::words::own_total(entry, measure).total()).collect();
    assert!(values.is_sorted_by(|a, b| a >= b) && values[0] > 0 && values.ends_with(&[0]), "{values:?}");
    let order = Order { by: By::Unit, descending: false };
    let page = list_store::page(&mut conn, &units[0], &Filter::default(), order, None, 10_000).await.expect("all");
    assert!(page.is_sorted_by(|a, b| {
        a.draft.unit < b.draft.unit || a.draft.unit == b.draft.unit && a.draft.date >= b.draft.date
    }));
}
