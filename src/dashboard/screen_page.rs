//! `/screen` (大屏): the first page's three questions for a meeting room, large and quiet; it moves by itself.

use super::{
    action::{self, Home, Place},
    county, cover, goals,
    link::Behind,
    months::{counted, of_year},
    next::{day_text, type_text},
    parts::plot,
};
use crate::{
    chart::grid::{Grid, wall},
    domain::{event::Event, period::Day, wording::grouped},
    live::view::{Live, LiveLine},
    locale::Locale,
    plan::words,
    server::context::Ctx,
    ui::page::{Page, page},
};
use chrono::Datelike;
use leptos::prelude::*;

/// How much can be read from 5 metres: goals (English says them at greater length), rows of the grid, shares of
/// villages that lack some, events, campaigns, figures.
const fn most_goals(locale: Locale) -> usize {
    match locale {
        Locale::Zh => 8,
        Locale::En => 6,
    }
}
const ROWS: usize = 24;
const LACKING: usize = 2;
const EVENTS: usize = 6;
const CAMPAIGNS: usize = 4;
const FIGURES: usize = 6;

/// `/screen?unit=&year=&theme=`
pub fn screen() -> impl IntoView {
    page(|ctx| async move {
        let home = action::home(&ctx).await?;
        let title = ctx.locale.screen_title(&home.unit.short_name, home.year);
        let body = body(&ctx, &home, title.clone());
        Ok(Page::new("/", title, body).on_wall())
    })
}

fn body(ctx: &Ctx, home: &Home, title: String) -> AnyView {
    let locale = ctx.locale;
    let back = super::page::address("/", home);
    let questions = (how_far(locale, home), left_out(ctx, home), next(ctx, home)).into_any();
    view! {
        <header class="wall-head">
            <h1 data-live="title">{title}</h1>
            <p class="wall-day" data-live="day">{long_day(locale, ctx.today)}</p>
            <LiveLine/>
            <a href=back>{locale.screen_back()}</a>
        </header>
        <Live unit=home.unit.code.clone() steady=true>
            <div class="wall-columns">{questions}</div>
        </Live>
    }
    .into_any()
}

/// 10月20日 星期一 · Monday, 20 October.
fn long_day(locale: Locale, day: Day) -> String {
    const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    match locale {
        Locale::Zh => {
            let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
            format!("{}月{}日 星期{weekday}", day.month(), day.day())
        }
        Locale::En => day.format("%A, %-d %B").to_string(),
    }
}

/// 到哪一步了: goals against pace; where none are set, what was done.
fn how_far(locale: Locale, home: &Home) -> impl IntoView + use<> {
    let body = if home.goals.is_empty() { figures(locale, home) } else { goal_list(locale, home) };
    view! {
        <section>
            <h2>{locale.dash_how_far()}</h2>
            {body}
        </section>
    }
}

fn goal_list(locale: Locale, home: &Home) -> AnyView {
    let (mut all, reached) = goals::sorted(home);
    let open = all.len();
    all.extend(reached);
    let items = all
        .iter()
        .take(most_goals(locale))
        .map(|goal| {
            let finding = goals::finding(locale, goal);
            let picture = goals::picture(locale, home, goal, &finding);
            let (word, _) = words::status(locale, goal.status);
            let class = if goal.status.rank() == 0 { "state behind" } else { "state" };
            view! {
                <li>
                    <h3><a href=goals::behind(home, goal)>{finding}</a></h3>
                    <div class="bar-and-state"><div>{picture}</div><strong class=class>{word}</strong></div>
                </li>
            }
        })
        .collect_view();
    let more = open.saturating_sub(most_goals(locale));
    // What is reached and finds no room needs no bar.
    let names: Vec<&str> = all.iter().skip(most_goals(locale).max(open)).map(|goal| goal.name.as_str()).collect();
    let reached = (!names.is_empty()).then(|| locale.screen_reached(names.len(), names.join(locale.dash_comma())));
    view! {
        <p class="lead">{goals::summary(locale, home)}</p>
        <ul class="wall-goals">{items}</ul>
        {(more > 0).then(|| view! { <p class="muted">{locale.screen_more_goals(more)}</p> })}
        {reached.map(|text| view! { <p class="reached">{text}</p> })}
    }
    .into_any()
}

fn figures(locale: Locale, home: &Home) -> AnyView {
    let mut most = counted(home);
    most.sort_by_key(|(_, total)| std::cmp::Reverse(total.activities));
    let items = most
        .into_iter()
        .take(FIGURES)
        .map(|(measure, total)| {
            let behind = Behind::new(&home.unit.code, home.period()).theme(home.theme_key());
            let unit_word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
            view! {
                <li>
                    <h3>{locale.name(&measure.name, measure.name_en.as_deref()).to_owned()}</h3>
                    <a href=behind.measure(Some(&measure.key)).address()>
                        <strong class="figure">{grouped(total.total())}<small>{unit_word}</small></strong>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <p class="lead">{locale.screen_done()}</p> <ul class="wall-figures">{items}</ul> }.into_any()
}

/// 未覆盖村: the grid whole, those in need first.
fn left_out(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let mut grid = match &home.place {
        Place::County(towns) => county::picture(ctx, home, towns),
        Place::Town(rows) | Place::Village(rows) => {
            let months = of_year(home.year);
            let lines = cover::lines(rows, &months, ctx.today);
            let finding = cover::finding(ctx, home, &lines, &months);
            cover::picture(ctx, home, &lines, &months, finding)
        }
    };
    let more = cut(&mut grid, ROWS);
    let is_village = matches!(home.place, Place::Village(_));
    let lacking = (!is_village).then(|| goals::lacking_list(locale, home, LACKING));
    let heading = match home.place {
        Place::Village(_) => locale.dash_months_heading(),
        _ => locale.dash_left_out(),
    };
    view! {
        <section>
            <h2>{heading}</h2>
            <p class="lead">{grid.label.clone()}</p>
            {lacking}
            {plot(locale, "coverage", &wall(&grid))}
            {(more > 0).then(|| view! { <p class="muted">{locale.screen_more_rows(more)}</p> })}
        </section>
    }
}

/// Leaves the first rows of a grid; how many were left away.
fn cut(grid: &mut Grid, most: usize) -> usize {
    let mut room = most;
    let mut more = 0;
    for group in &mut grid.groups {
        more += group.rows.len().saturating_sub(room);
        group.rows.truncate(room);
        room -= group.rows.len();
    }
    more
}

/// 接下来是什么: the next events and campaigns.
fn next(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let ahead: Vec<&Event> = home
        .events
        .iter()
        .filter(|event| event.day >= ctx.today && !event.cancelled && event.activity.is_none())
        .collect();
    let events = ahead
        .iter()
        .take(EVENTS)
        .map(|event| {
            let day = if event.day == ctx.today { locale.dash_today().to_owned() } else { day_text(locale, event.day) };
            view! {
                <li>
                    <span class="when">{day}" "{event.starts().format("%H:%M").to_string()}</span>
                    " "
                    <a href=format!("/events/{}", event.id)>{event.unit.short_name.clone()}" "{type_text(locale, event)}</a>
                </li>
            }
        })
        .collect_view();
    let campaigns = home
        .campaigns
        .iter()
        .take(CAMPAIGNS)
        .map(|campaign| {
            let from = campaign.period.from;
            let when = match from > ctx.today {
                true => locale.dash_in_days((from - ctx.today).num_days()),
                false => locale.dash_until(day_text(locale, campaign.period.to)),
            };
            view! {
                <li>
                    <span class="when">{when}</span>
                    " "
                    <a href=format!("/campaigns/{}", campaign.key)>{campaign.title.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let more = ahead.len().saturating_sub(EVENTS);
    view! {
        <section>
            <h2>{locale.dash_next()}</h2>
            <h3>{locale.dash_events()}</h3>
            {ahead.is_empty().then(|| view! { <p class="muted">{locale.dash_no_events()}</p> })}
            <ul class="agenda">{events}</ul>
            {(more > 0).then(|| view! { <p class="muted">{locale.dash_more(more)}</p> })}
            <h3>{locale.dash_campaigns()}</h3>
            {home.campaigns.is_empty().then(|| super::next::key_dates(ctx, home))}
            <ul class="agenda">{campaigns}</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::chart::grid::{Grid, Group, Row};

    #[test]
    fn a_wall_shows_the_first_rows_and_counts_the_others() {
        let group = |rows: usize| Group { title: "组".into(), rows: vec![Row::default(); rows] };
        let mut grid = Grid { groups: vec![group(3), group(4), group(2)], ..Grid::default() };
        assert_eq!(cut(&mut grid, 5), 4);
        assert_eq!(grid.groups.iter().map(|group| group.rows.len()).collect::<Vec<_>>(), [3, 2, 0]);
        assert_eq!(cut(&mut grid, 5), 0);
    }
}
