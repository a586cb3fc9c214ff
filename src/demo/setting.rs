//! What stands before the first activity is logged: units, people, goals, words, campaigns, events; and the stocks.

use super::{
    Cast,
    campaigns::{CAMPAIGNS, Campaign, IDLE, day},
    on,
    place::{PASSWORD, PEOPLE, SCHOOLS, TOWN, VILLAGES, units},
    year::{Entry, entries},
};
use crate::{
    account, campaign,
    campaign::event_action,
    catalogue,
    domain::{
        access::{Actor, Role, Scope},
        campaign::DraftQuantity,
        event,
        measure::{Form, Wording},
        wording::built_in,
    },
    error::{Error, Result},
    plan,
    server::db::Db,
    unit,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The day on which the demo is set up.
const FIRST: (u32, u32) = (1, 4);

/// Units and accounts; the people by log-in name.
pub(super) async fn people_and_places(db: &Db) -> Result<BTreeMap<&'static str, Actor>> {
    let program = on(db, None, day(FIRST));
    unit::import::import_units(&program, units().as_bytes()).await?;
    for person in PEOPLE.iter().filter(|person| person.role == Role::Admin) {
        account::program::add(&program, person.name, person.display_name, person.role, person.unit, PASSWORD).await?;
    }
    let admin = on(db, Some(actor(db, "admin").await?), day(FIRST));
    for village in VILLAGES {
        let change = unit::action::Change {
            households: Some(Some(village.households)),
            population: Some(Some(village.population)),
            ..unit::action::Change::default()
        };
        unit::action::change(&admin, village.code, change).await?;
    }
    for school in SCHOOLS {
        let classes = school.classes().into_iter().map(|(name, _, pupils)| unit::action::ClassDraft { name, pupils });
        let draft = unit::action::Draft {
            code: school.code.into(),
            name: school.name.into(),
            parent: Some(TOWN.into()),
            kind: Some("school".into()),
            classes: classes.collect(),
            ..unit::action::Draft::default()
        };
        unit::action::add(&admin, draft).await?;
    }
    let mut people = BTreeMap::new();
    for person in PEOPLE {
        if person.role != Role::Admin {
            account::program::add(&program, person.name, person.display_name, person.role, person.unit, PASSWORD)
                .await?;
        }
        people.insert(person.name, actor(db, person.name).await?);
    }
    Ok(people)
}

async fn actor(db: &Db, name: &str) -> Result<Actor> {
    let mut conn = db.read().await?;
    let account = account::store::by_name(&mut conn, name).await?.ok_or(Error::NotFound)?;
    account::store::actor(&mut conn, account.id).await
}

/// The town's targets of the 八五 plan with their basis, and the seed report's forms of its figures.
pub(super) async fn goals_and_words(cast: &Cast) -> Result<()> {
    const OWN: &str = "圣灯山镇2021年法治政府建设工作情况报告中的年度数（示例）";
    const PLAN: &str = "八五普法规划（示例）";
    let officer = cast.at_work("officer", FIRST)?;
    for (indicator, value, basis) in [
        ("campaigns", 10.0, OWN),
        ("banners", 150.0, OWN),
        ("village_visits", 100.0, OWN),
        ("broadcasts", 100.0, OWN),
        ("leaflets", 7_000.0, OWN),
        ("study_sessions", 4.0, OWN),
        ("pupils_reached", 1.0, OWN),
        ("villages_visited", 1.0, "镇年度普法工作计划：每村全年进村宣传不少于4次（示例）"),
        ("law_literate", 1.0, PLAN),
        ("vice_principals", 1.0, PLAN),
        ("venues", 1.0, PLAN),
    ] {
        let draft = plan::action::TargetDraft {
            plan: "plan-8".into(),
            indicator: indicator.into(),
            unit: TOWN.into(),
            value: Some(value),
            year: None,
            basis: basis.into(),
        };
        plan::action::set_target(&officer, draft).await?;
    }
    let mut conn = cast.db.write().await?;
    let town = unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await?;
    let known = catalogue::store::visible(&mut conn, &town).await?;
    for (key, wording) in words() {
        let measure = known.measure(key).ok_or(Error::NotFound)?;
        catalogue::store::set_wording(&mut conn, town.id, measure.id, &wording).await?;
    }
    conn.commit().await
}

/// The forms and words of the seed report that differ from the built-in ones.
fn words() -> [(&'static str, Wording); 3] {
    let plays = |key| Wording {
        form: Form::Hundreds,
        together: Some("利用镇LED电屏幕以及广播播放法律知识多达{figure}".into()),
        ..built_in::wording(key)
    };
    [
        ("leaflet", Wording { form: Form::Above, ..built_in::wording("leaflet") }),
        ("broadcast", plays("broadcast")),
        ("led", plays("led")),
    ]
}

/// The events by what fulfils them: the number of the entry in [`entries`].
pub(super) type Events = BTreeMap<usize, Uuid>;

/// The year's campaigns, and its events: held, missed and cancelled ones.
pub(super) async fn campaigns_and_events(cast: &Cast) -> Result<Events> {
    let officer = cast.at_work("officer", FIRST)?;
    for one in &CAMPAIGNS {
        campaign::action::create(&officer, campaign_draft(one)).await?;
    }
    let mut events = Events::new();
    for (number, entry) in entries().iter().enumerate().filter(|(_, entry)| entry.planned) {
        let event = event_action::create(&officer, event_draft(entry)).await?;
        events.insert(number, event.id);
    }
    for idle in IDLE {
        let draft = visit_draft(idle.campaign, idle.unit, day(idle.day), "village_visit");
        let event = event_action::create(&officer, draft).await?;
        if idle.cancelled {
            let then = cast.at_work("officer", idle.day)?;
            let change =
                event_action::Change {
                    cancelled: Some(true), reason: "暴雨，道路中断".into(), ..Default::default()
                };
            event_action::change(&then, event.id, change).await?;
        }
    }
    Ok(events)
}

fn campaign_draft(one: &Campaign) -> crate::domain::campaign::Draft {
    let planned = |measure: &str, value| DraftQuantity {
        measure: measure.into(),
        value: Some(value),
        measure_field: "quantities".into(),
        value_field: "quantities".into(),
    };
    crate::domain::campaign::Draft {
        key: one.key.into(),
        unit: TOWN.into(),
        title: one.title.into(),
        themes: vec![one.theme.into()],
        from: day(one.from).to_string(),
        to: day(one.to).to_string(),
        lead: one.lead.into(),
        units: vec![TOWN.into()],
        quantities: vec![planned("banner", 15), planned("led", one.led_days), planned("village_visit", 8)],
        note: "示例数据：活动落在哪个村、哪一天为虚构。".into(),
        key_date: None,
    }
}

fn event_draft(entry: &Entry) -> event::Draft {
    visit_draft(entry.campaigns.first().copied().unwrap_or_default(), entry.unit, entry.day, entry.kind)
}

fn visit_draft(campaign: &str, unit: &str, on: chrono::NaiveDate, kind: &str) -> event::Draft {
    event::Draft {
        campaign: campaign.into(),
        unit: unit.into(),
        starts_at: format!("{on}T09:30"),
        ends_at: format!("{on}T11:00"),
        lead: "司法所".into(),
        activity_type: kind.into(),
        ..event::Draft::default()
    }
}

/// What the Constitution's week hands out, and what the villages fetched for it.
pub(super) async fn materials(cast: &Cast) -> Result<()> {
    use crate::{domain::material::Draft, material::action};
    const CAMPAIGN: &str = "2021-constitution";
    let officer = cast.at_work("officer", (11, 26))?;
    let item = |measure: &str, name: &str, unit_word: &str, pieces: &str, yuan: [&str; 2]| Draft {
        measure: measure.into(),
        name: name.into(),
        unit_word: unit_word.into(),
        planned: pieces.into(),
        prepared: pieces.into(),
        budget: yuan[0].into(),
        spent: yuan[1].into(),
    };
    let leaflets = action::add(&officer, CAMPAIGN, &item("leaflet", "", "", "1200", ["1500", "1440"])).await?;
    action::add(&officer, CAMPAIGN, &item("banner", "", "", "15", ["900", "900"])).await?;
    action::add(&officer, CAMPAIGN, &item("", "展架", "个", "4", ["600", "520"])).await?;
    let fetched = action::FetchDraft {
        item: leaflets.to_string(),
        day: day((11, 26)).to_string(),
        fetched_by: String::new(),
        quantities: VILLAGES.iter().map(|village| (village.code.to_owned(), "120".to_owned())).collect(),
    };
    action::fetch(&officer, CAMPAIGN, &fetched).await?;
    Ok(())
}

/// Stocks at the middle and the end of the year.
pub(super) async fn stocks(cast: &Cast) -> Result<()> {
    use plan::entry_action::{StockLine, put_stocks};
    let line = |unit: &str, value| StockLine {
        unit: unit.into(),
        unit_field: "unit",
        value_field: "value".into(),
        value: Some(value),
    };
    for (as_of, missing) in [((6, 30), 1), ((12, 31), 0)] {
        let officer = cast.at_work("officer", as_of)?;
        let as_of = Some(day(as_of));
        let people: Vec<StockLine> =
            VILLAGES.iter().map(|village| line(village.code, (village.law_literate - missing).max(1))).collect();
        put_stocks(&officer, "law_literate", as_of, &people).await?;
        // The village that is left out has no venue yet.
        let venues: Vec<StockLine> =
            VILLAGES.iter().map(|village| line(village.code, i64::from(village.visits >= 4))).collect();
        put_stocks(&officer, "venue", as_of, &venues).await?;
        let advisers: Vec<StockLine> = VILLAGES.iter().map(|village| line(village.code, 1)).collect();
        put_stocks(&officer, "legal_adviser", as_of, &advisers).await?;
        let schools: Vec<StockLine> = SCHOOLS.iter().map(|school| line(school.code, 1)).collect();
        put_stocks(&officer, "vice_principal", as_of, &schools).await?;
    }
    Ok(())
}
