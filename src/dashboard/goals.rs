//! Goals against pace, as bullet charts.

use super::{action::Home, parts::plot};
use crate::{
    chart::{
        Touch,
        bullet::{Bar, Bullet, Range, bullet},
    },
    domain::{goal::Status, indicator::Kind, wording::grouped},
    locale::Locale,
    plan::{
        action::{GoalRow, UnitRow},
        link, words,
    },
    server::context::Ctx,
};
use leptos::prelude::*;

/// How many shares of villages say beside the map whom they lack.
pub const LACKING: usize = 4;
/// How many goals stand open on a phone; the others are folded.
const OPEN: usize = 3;

/// Those not reached yet, what is behind first; then the others; within each in the order of the indicators.
pub fn sorted(home: &Home) -> (Vec<&GoalRow>, Vec<&GoalRow>) {
    let (mut open, reached): (Vec<&GoalRow>, Vec<&GoalRow>) =
        home.goals.iter().partition(|goal| goal.status != Status::Reached);
    open.sort_by_key(|goal| goal.status.rank());
    (open, reached)
}

/// 11项目标：2项已达标，4项落后进度，1项未达标.
pub fn summary(locale: Locale, home: &Home) -> String {
    let count = |status: Status| home.goals.iter().filter(|goal| goal.status == status).count();
    let (all, reached) = (home.goals.len(), count(Status::Reached));
    match (count(Status::Behind), count(Status::Missed)) {
        (0, 0) => locale.dash_goals_on_track(all, reached),
        (0, missed) => locale.dash_goals_missed(all, missed, reached),
        (behind, 0) => locale.dash_goals_finding(all, behind, reached),
        (behind, missed) => locale.dash_goals_behind_and_missed(all, behind, missed, reached),
    }
}

/// Every goal: the finding in words, the chart, and one table of the same numbers.
pub fn goals(ctx: &Ctx, home: &Home) -> AnyView {
    let locale = ctx.locale;
    let code = &home.unit.code;
    if home.goals.is_empty() {
        if home.theme.is_none() && !home.goals_below.is_empty() {
            return below(locale, home);
        }
        let text = if home.theme.is_some() { locale.dash_no_goals_of_theme() } else { locale.dash_no_goals() };
        let action = (home.manages && home.theme.is_none()).then(
            || view! { <p><a class="button" href=format!("/goals?unit={code}")>{locale.dash_set_goals()}</a></p> },
        );
        return view! { <div class="empty"><p>{text}</p>{action}</div> }.into_any();
    }
    let finding = locale.dash_as_of(home.as_of, summary(locale, home));
    let (mut all, reached) = sorted(home);
    all.extend(reached);
    let cards = |goals: &[&GoalRow]| goals.iter().map(|goal| card(locale, home, goal)).collect_view();
    let (first, rest) = all.split_at(OPEN.min(all.len()));
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <details class="brief">
                <summary>{locale.dash_goals_rest(rest.len())}</summary>
                <ul class="goals">{cards(rest)}</ul>
            </details>
        }
    });
    let table = table(locale, home);
    view! {
        <p class="lead">{finding}</p>
        <ul class="goals">{cards(first)}</ul>
        {rest}
        <details>
            <summary>{locale.dash_goals_table()}</summary>
            {table}
        </details>
        <p><a href=format!("/goals?unit={code}&year={}", home.year)>{locale.dash_all_goals()}</a></p>
    }
    .into_any()
}

/// Of a unit that has no goals of its own: which of those below it have some.
fn below(locale: Locale, home: &Home) -> AnyView {
    let code = &home.unit.code;
    let names: Vec<&str> = home.goals_below.iter().map(|(unit, _)| unit.short_name.as_str()).collect();
    let text = locale.dash_goals_below(names.len(), names.join(locale.dash_comma()), &home.unit.short_name);
    let set = home.manages.then(|| {
        view! { " " <a href=format!("/plans?unit={code}")>{locale.dash_set_own_goals(&home.unit.short_name)}</a> }
    });
    let address = format!("/goals?unit={code}&year={}", home.year);
    view! {
        <div class="empty">
            <p>{text}</p>
            <p><a class="button" href=address>{locale.dash_goals_below_see()}</a>{set}</p>
        </div>
    }
    .into_any()
}

/// What was found, in words: 宣传资料完成72%，比应有进度快9天.
pub fn finding(locale: Locale, goal: &GoalRow) -> String {
    let name = &goal.name;
    let Some((actual, progress)) = goal.actual.zip(goal.progress) else {
        return locale.dash_goal_says(name, &goal.words);
    };
    if goal.status == Status::Reached && goal.own {
        let reached = locale.dash_goal_own_reached(words::value(goal, goal.target));
        return locale.dash_goal_stands(words::value(goal, actual), name, reached);
    }
    if goal.status == Status::Reached {
        return locale.dash_goal_reached(words::value(goal, actual), name);
    }
    if goal.kind != Kind::Sum {
        return locale.dash_goal_stands(words::value(goal, actual), name, &goal.words);
    }
    let percent = words::percent(progress.min(1.0));
    match goal.days_ahead.unwrap_or_default() {
        _ if goal.days_left == 0 => locale.dash_goal_over(name, percent),
        // A whole number may be on pace though its share of the days is not yet reached.
        days if days <= 0 && goal.status == Status::OnPace => locale.dash_goal_on_pace(name, percent),
        0 => locale.dash_goal_on_pace(name, percent),
        days if days > 0 => locale.dash_goal_ahead(days, name, percent),
        days => locale.dash_goal_behind(-days, name, percent),
    }
}

/// 进村宣传还差1个：大沟村（2次，应4次）. The villages that a share of villages still lacks, with where each gap is seen.
pub fn lacking(locale: Locale, home: &Home) -> Vec<(String, String)> {
    const NAMED: usize = 6;
    let open = home.goals.iter().filter(|goal| goal.kind == Kind::Coverage && goal.status != Status::Reached);
    open.filter_map(|goal| {
        let short: Vec<_> = goal.units.iter().filter(|unit| unit.missing > 0).collect();
        let word = |value: i64| words::with_word(value as f64, &goal.unit_word_of_each);
        let name = |unit: &&UnitRow| {
            locale.dash_lacks_unit(word(unit.done.unwrap_or_default()), word(unit.required), &unit.name)
        };
        let names = short.iter().take(NAMED).map(name).collect::<Vec<_>>().join(locale.dash_comma());
        let text = match short.len() {
            0 => return None,
            few if few <= NAMED => locale.dash_lacks(words::with_word(few as f64, &goal.unit_word), &goal.name, names),
            many => locale.dash_lacks_many(words::with_word(many as f64, &goal.unit_word), &goal.name, names),
        };
        Some((text, format!("/gaps?unit={}#gap-{}", home.unit.code, goal.indicator)))
    })
    .collect()
}

/// Their list, below the finding on who is left out.
pub fn lacking_list(locale: Locale, home: &Home, most: usize) -> Option<AnyView> {
    let items: Vec<_> = lacking(locale, home)
        .into_iter()
        .take(most)
        .map(|(text, address)| view! { <li><a href=address>{text}</a></li> })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="plain lacking">{items}</ul> }.into_any())
}

/// The records behind a goal's figure.
pub fn behind(home: &Home, goal: &GoalRow) -> String {
    link::behind(&home.unit.code, goal)
}

fn card(locale: Locale, home: &Home, goal: &GoalRow) -> impl IntoView + use<> {
    let finding = finding(locale, goal);
    let (word, class) = words::status(locale, goal.status);
    let class = match goal.status {
        Status::Behind => "tag bad",
        _ => class,
    };
    // Of what is reached the finding itself says so.
    let tag = (goal.status != Status::Reached).then(|| view! { " "<span class=class>{word}</span> });
    let target = words::value(goal, goal.target);
    let subtitle = match goal.actual {
        // What the finding does not say yet.
        Some(actual) if goal.kind == Kind::Sum && goal.status != Status::Reached => {
            locale.dash_goal_subtitle(words::value(goal, actual), target, &goal.words)
        }
        _ => locale.dash_goal_target(target),
    };
    let chart = picture(locale, home, goal, &finding);
    // Where it leads, and what each month would need; of a total, for shares move by whole units.
    let leads = (goal.kind == Kind::Sum && goal.status != Status::Reached && goal.days_left > 0).then(|| {
        let ends = words::forecast(locale, goal).map(|said| locale.goal_forecast_says(said));
        let needed = words::per_month(locale, goal).unwrap_or_default();
        let words = match ends {
            Some(ends) => ends + &needed,
            None => needed.trim_start_matches(['，', ';', ' ']).to_owned(),
        };
        view! { <p class="muted">{words}</p> }
    });
    view! {
        <li class="goal">
            <h3><a href=behind(home, goal)>{finding}</a>{tag}</h3>
            <p class="muted">{subtitle}</p>
            {chart}
            {leads}
        </li>
    }
}

/// The bullet chart of a goal that can be measured.
pub fn picture(locale: Locale, home: &Home, goal: &GoalRow, finding: &str) -> Option<AnyView> {
    let actual = goal.actual?;
    if goal.kind == Kind::Milestone || goal.target <= 0.0 {
        return None;
    }
    let touch = |title: String| Touch { title, href: Some(behind(home, goal)) };
    let bar = |value: f64, title: String| Bar { value, touch: touch(title) };
    let word = |value: i64| format!("{}{}", grouped(value), goal.unit_word);
    let (exact, at_least, estimate) = match (goal.exact, goal.at_least, goal.estimate) {
        (Some(exact), Some(at_least), Some(estimate)) => (
            bar(exact as f64, locale.dash_bar_exact(word(exact))),
            bar(at_least as f64, locale.dash_bar_at_least(word(at_least))),
            bar(estimate as f64, locale.dash_bar_estimate(word(estimate))),
        ),
        _ => {
            let title = locale.dash_bar_exact(words::value(goal, actual));
            (bar(actual, title), Bar::default(), Bar::default())
        }
    };
    let is_open = goal.days_left > 0;
    let due = is_open.then(|| bar(goal.expected, locale.dash_bar_due(words::value(goal, goal.expected))));
    let target = bar(goal.target, locale.dash_bar_target(words::value(goal, goal.target)));
    let parts = (at_least.value > 0.0 || estimate.value > 0.0).then(|| {
        let total = crate::domain::measure::Total {
            exact: goal.exact.unwrap_or_default(),
            at_least: goal.at_least.unwrap_or_default(),
            estimate: goal.estimate.unwrap_or_default(),
            activities: 0,
        };
        crate::domain::wording::exact(total, &goal.unit_word, locale)
    });
    let range = goal.forecast_low.zip(goal.forecast_high).filter(|_| is_open);
    let forecast = range.zip(words::forecast(locale, goal)).map(|((low, high), said)| Range {
        low,
        high,
        touch: touch(locale.goal_forecast_says(said)),
    });
    let chart = bullet(&Bullet { label: finding.to_owned(), exact, at_least, estimate, target, due, forecast });
    Some(view! { {plot(locale, "goal", &chart)} {parts.map(|text| view! { <p class="muted">{text}</p> })} }.into_any())
}

fn table(locale: Locale, home: &Home) -> impl IntoView + use<> {
    let rows = home
        .goals
        .iter()
        .map(|goal| {
            let value = |value: Option<f64>| value.map_or("–".to_owned(), |value| words::value(goal, value));
            let actual = value(goal.actual);
            let actual = match (goal.numerator, goal.denominator) {
                (Some(part), Some(whole)) => format!("{actual} ({}/{})", grouped(part), grouped(whole)),
                _ => actual,
            };
            view! {
                <tr>
                    <th scope="row">{goal.name.clone()}</th>
                    <td class="num">{value(Some(goal.target))}</td>
                    <td class="num"><a href=behind(home, goal)>{actual}</a></td>
                    <td class="num">{goal.progress.map_or("–".to_owned(), words::percent)}</td>
                    <td class="num">{value(Some(goal.expected))}</td>
                    <td>{goal.words.clone()}</td>
                    <td>{if goal.basis.is_empty() { locale.none().to_owned() } else { goal.basis.clone() }}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.dash_goals_caption(&home.unit.short_name, home.year)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{locale.dash_indicator()}</th>
                        <th scope="col" class="num">{locale.dash_target()}</th>
                        <th scope="col" class="num">{locale.dash_actual()}</th>
                        <th scope="col" class="num">{locale.dash_progress()}</th>
                        <th scope="col" class="num">{locale.dash_due(home.as_of)}</th>
                        <th scope="col">{locale.dash_missing()}</th>
                        <th scope="col">{locale.dash_basis()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
