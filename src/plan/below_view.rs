//! Of a unit that has no goals of its own: how those stand that the units below it set themselves.

use super::{action, target_store};
use crate::{
    domain::{
        goal::Status,
        period::Day,
        target::Plan,
        unit::{Unit, UnitKind},
    },
    error::Result,
    server::context::Ctx,
    ui::table::{Head, Table},
    unit,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// How the goals of one unit stand.
struct Standing {
    unit: Unit,
    all: usize,
    reached: usize,
    behind: usize,
}

/// The units below with goals of their own, by code: nobody is ranked. `None` where there are none.
///
/// # Errors
/// As reading goals.
pub async fn below(ctx: &Ctx, unit: &Unit, plan: &Plan, as_of: Day) -> Result<Option<AnyView>> {
    let mut conn = ctx.db.read().await?;
    let targets = target_store::targets(&mut conn, unit, Some(plan.id), true).await?;
    let owners: BTreeSet<i64> = targets.into_iter().map(|target| target.unit_id).collect();
    let mut units = unit::store::at_and_below(&mut conn, unit).await?;
    drop(conn);
    // A town answers for its villages.
    let is_office = |own: &Unit| matches!(own.kind, UnitKind::County | UnitKind::Town);
    units.retain(|own| own.id != unit.id && is_office(own) && owners.contains(&own.id));
    units.sort_by(|one, other| one.code.cmp(&other.code));
    let mut standings = Vec::new();
    for own in units {
        let rows = action::goals(ctx, &own, Some(&plan.key), Some(as_of)).await?;
        let count = |is: fn(Status) -> bool| rows.iter().filter(|row| !row.shared && is(row.status)).count();
        standings.push(Standing {
            all: count(|_| true),
            reached: count(|status| status == Status::Reached),
            behind: count(|status| matches!(status, Status::Behind | Status::Missed)),
            unit: own,
        });
    }
    Ok((!standings.is_empty()).then(|| table(ctx, unit, plan, as_of, standings)))
}

fn table(ctx: &Ctx, unit: &Unit, plan: &Plan, as_of: Day, standings: Vec<Standing>) -> AnyView {
    let locale = ctx.locale;
    let behind = standings.iter().filter(|own| own.behind > 0).count();
    let plan_name = locale.name(&plan.name, plan.name_en.as_deref());
    let finding = match behind {
        0 => locale.goals_below_on_track(as_of, plan_name, standings.len()),
        behind => locale.goals_below_finding(as_of, behind, plan_name, standings.len()),
    };
    let heads = vec![
        Head::Text(locale.goals_unit()),
        Head::Number(locale.goals_title_short()),
        Head::Number(locale.goal_status_reached()),
        Head::Number(locale.goals_below_behind()),
    ];
    let rows = standings
        .into_iter()
        .map(|own| {
            let address = format!("/goals?unit={}&plan={}&as_of={as_of}", own.unit.code, plan.key);
            view! {
                <tr>
                    <th scope="row"><a href=address>{own.unit.short_name}</a></th>
                    <td class="num">{own.all}</td>
                    <td class="num">{own.reached}</td>
                    <td class="num">{own.behind}</td>
                </tr>
            }
        })
        .collect_view();
    let caption = locale.goals_below_caption(&unit.short_name);
    view! {
        <p>{locale.goals_below(&unit.short_name)}</p>
        <p class="lead">{finding}</p>
        <Table caption heads>{rows}</Table>
    }
    .into_any()
}
