//! Pieces of the pages about key dates: rules in words, the fields of a rule, filters.

use super::action::Draft;
use crate::{
    domain::{
        catalogue::Catalogue,
        day_mark::Calendar,
        key_date::{
            KeyDate, Layer,
            rule::{Rule, RuleKind, solar_terms},
        },
        period::Period,
        unit::Unit,
    },
    locale::Locale,
    server::{context::Ctx, form::FormData},
    ui::field::{Choices, Field, Select},
};
use chrono::Datelike;
use leptos::prelude::*;

/// 周三 · Wed; 1 is Monday.
pub fn weekday(locale: Locale, number: u32) -> &'static str {
    let names = [
        locale.calendar_monday(),
        locale.calendar_tuesday(),
        locale.calendar_wednesday(),
        locale.calendar_thursday(),
        locale.calendar_friday(),
        locale.calendar_saturday(),
        locale.calendar_sunday(),
    ];
    names[(number.clamp(1, 7) - 1) as usize]
}

/// A rule in a few words: 5月第3个周日.
pub fn rule_text(locale: Locale, rule: &Rule) -> String {
    match rule {
        Rule::Day { month, day } => locale.rule_day(day, month),
        Rule::Range { from_month, from_day, to_month, to_day } => {
            locale.rule_range(locale.rule_day(from_day, from_month), locale.rule_day(to_day, to_month))
        }
        Rule::NthWeekday { month, nth, weekday: day } => locale.rule_nth_weekday(month, nth, weekday(locale, *day)),
        Rule::LastWeekday { month, weekday: day } => locale.rule_last_weekday(month, weekday(locale, *day)),
        Rule::NthWeek { month, nth } => locale.rule_nth_week(month, nth),
        Rule::WeekOf { month, day } => locale.rule_week_of(locale.rule_day(day, month)),
        Rule::LunarDay { month, day } => locale.rule_lunar_day(day, month),
        Rule::SolarTerm { term } => locale.rule_solar_term(term),
        Rule::Market { calendar, digits } => market_text(locale, *calendar, digits),
    }
}

/// Market days in words: 逢公历1、4、7日.
pub fn market_text(locale: Locale, calendar: Calendar, digits: &[u32]) -> String {
    let digits: Vec<String> = digits.iter().map(u32::to_string).collect();
    let digits = digits.join(locale.key_date_comma());
    match calendar {
        Calendar::Solar => locale.rule_market_solar(digits),
        Calendar::Lunar => locale.rule_market_lunar(digits),
    }
}

fn kind_text(locale: Locale, kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Day => locale.rule_kind_day(),
        RuleKind::Range => locale.rule_kind_range(),
        RuleKind::NthWeekday => locale.rule_kind_nth_weekday(),
        RuleKind::LastWeekday => locale.rule_kind_last_weekday(),
        RuleKind::NthWeek => locale.rule_kind_nth_week(),
        RuleKind::WeekOf => locale.rule_kind_week_of(),
        RuleKind::LunarDay => locale.rule_kind_lunar_day(),
        RuleKind::SolarTerm => locale.rule_kind_solar_term(),
        RuleKind::Market => locale.market_title(),
    }
}

pub fn layer_text(locale: Locale, layer: Layer) -> &'static str {
    match layer {
        Layer::Nation => locale.layer_nation(),
        Layer::Province => locale.layer_province(),
        Layer::County => locale.layer_county(),
        Layer::Town => locale.layer_town(),
    }
}

/// 12月4日, or 11月29日–12月5日; with the year where a span ends in another one.
pub fn span_text(locale: Locale, period: Period) -> String {
    let day = |day: crate::domain::period::Day| locale.rule_day(day.day(), day.month());
    match (period.from == period.to, period.from.year() == period.to.year()) {
        (true, _) => day(period.from),
        (false, true) => locale.rule_range(day(period.from), day(period.to)),
        (false, false) => locale.rule_range(period.from, period.to),
    }
}

/// The rule that a form's fields make, if they make one.
fn read_rule(form: &FormData) -> Option<Rule> {
    let number = |name: &str| form.get(name).parse::<u32>().ok();
    let (month, day, nth) = (number("month"), number("day"), number("nth"));
    Some(match RuleKind::from_key(form.get("rule"))? {
        RuleKind::Day => Rule::Day { month: month?, day: day? },
        RuleKind::Range => {
            Rule::Range { from_month: month?, from_day: day?, to_month: number("to_month")?, to_day: number("to_day")? }
        }
        RuleKind::NthWeekday => Rule::NthWeekday { month: month?, nth: nth?, weekday: number("weekday")? },
        RuleKind::LastWeekday => Rule::LastWeekday { month: month?, weekday: number("weekday")? },
        RuleKind::NthWeek => Rule::NthWeek { month: month?, nth: nth? },
        RuleKind::WeekOf => Rule::WeekOf { month: month?, day: day? },
        RuleKind::LunarDay => Rule::LunarDay { month: month?, day: day? },
        RuleKind::SolarTerm => Rule::SolarTerm { term: form.get("term").to_owned() },
        RuleKind::Market => return None,
    })
}

/// A key date's form.
pub fn read(form: &FormData) -> Draft {
    Draft {
        key: form.get("key").into(),
        name: form.get("name").into(),
        layer: form.get("layer").into(),
        rule: read_rule(form),
        themes: form.all("themes").into_iter().map(str::to_owned).collect(),
        lead: form.get("lead").into(),
        basis: form.get("basis").into(),
        since: form.get("since").into(),
    }
}

/// What a rule's numbers are in the form: month, day, to_month, to_day, nth, weekday, term.
fn numbers(rule: &Rule) -> [String; 7] {
    let mut found: [String; 7] = Default::default();
    let mut put = |places: &[(usize, u32)]| {
        for (place, number) in places {
            found[*place] = number.to_string();
        }
    };
    match rule {
        Rule::Day { month, day } | Rule::WeekOf { month, day } | Rule::LunarDay { month, day } => {
            put(&[(0, *month), (1, *day)]);
        }
        Rule::Range { from_month, from_day, to_month, to_day } => {
            put(&[(0, *from_month), (1, *from_day), (2, *to_month), (3, *to_day)]);
        }
        Rule::NthWeekday { month, nth, weekday } => put(&[(0, *month), (4, *nth), (5, *weekday)]),
        Rule::LastWeekday { month, weekday } => put(&[(0, *month), (5, *weekday)]),
        Rule::NthWeek { month, nth } => put(&[(0, *month), (4, *nth)]),
        Rule::SolarTerm { term } => found[6] = term.clone(),
        Rule::Market { .. } => {}
    }
    found
}

/// The fields of a key date, filled with what is stored.
pub fn fields(ctx: &Ctx, catalogue: &Catalogue, unit: &Unit, former: Option<&KeyDate>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let text = |of: fn(&KeyDate) -> &str| former.map(|one| of(one).to_owned()).unwrap_or_default();
    let kinds = RuleKind::ALL.iter().filter(|kind| **kind != RuleKind::Market);
    let kinds = kinds.map(|kind| (kind.key().to_owned(), kind_text(locale, *kind).to_owned())).collect();
    let [month, day, to_month, to_day, nth, weekday_value, term] =
        former.map(|one| numbers(&one.rule)).unwrap_or_default();
    let mut weekdays = vec![(String::new(), String::new())];
    weekdays.extend((1..=7).map(|number| (number.to_string(), weekday(locale, number).to_owned())));
    let mut terms = vec![(String::new(), String::new())];
    terms.extend(solar_terms().map(|term| (term.to_owned(), term.to_owned())));
    let themes = catalogue
        .themes
        .iter()
        .filter(|theme| !theme.retired || former.is_some_and(|one| one.themes.contains(&theme.key)))
        .map(|theme| (theme.key.clone(), locale.name(&theme.name, theme.name_en.as_deref()).to_owned()))
        .collect();
    let chosen = former.map(|one| one.themes.clone()).unwrap_or_default();
    let layers =
        Layer::ALL.iter().map(|layer| (layer.key().to_owned(), layer_text(locale, *layer).to_owned())).collect();
    let own_layer = match unit.kind {
        crate::domain::unit::UnitKind::County => Layer::County,
        _ => Layer::Town,
    };
    let layer = former.map_or(own_layer, |one| one.layer).key();
    let rule = former.map_or(RuleKind::Day, |one| one.rule.kind()).key();
    let since = former.and_then(|one| one.since).map(|year| year.to_string()).unwrap_or_default();
    view! {
        <Field name="name" label=locale.key_date_name() value=text(|one| &one.name) required=true/>
        <Select name="rule" label=locale.key_date_rule() hint=locale.key_date_rule_hint() options=kinds value=rule/>
        <div class="two">
            <Field name="month" kind="number" label=locale.rule_month() value=month min="1" max="12"/>
            <Field name="day" kind="number" label=locale.rule_day_field() value=day min="1" max="31"/>
            <Field name="to_month" kind="number" label=locale.rule_to_month() value=to_month min="1" max="12"/>
            <Field name="to_day" kind="number" label=locale.rule_to_day() value=to_day min="1" max="31"/>
            <Field name="nth" kind="number" label=locale.rule_nth() value=nth min="1" max="5"/>
            <Select name="weekday" label=locale.rule_weekday() options=weekdays value=weekday_value/>
            <Select name="term" label=locale.rule_term() options=terms value=term/>
        </div>
        <Choices name="themes" label=locale.campaign_themes() options=themes chosen first=8/>
        <Field name="lead" label=locale.campaign_lead() value=text(|one| &one.lead)/>
        <Select name="layer" label=locale.key_date_layer() options=layers value=layer/>
        <Field name="basis" label=locale.key_date_basis() hint=locale.key_date_basis_hint() value=text(|one| &one.basis)/>
        <Field name="since" kind="number" label=locale.key_date_since() value=since min="1949" max="2199"/>
    }
}

/// A filter by unit and year, as a form that works without script.
pub fn filters(ctx: &Ctx, units: &[Unit], unit: &Unit, year: i32) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let options: Vec<_> = units
        .iter()
        .map(|own| {
            let (code, name, selected) = (own.code.clone(), own.short_name.clone(), own.id == unit.id);
            view! { <option value=code selected=selected>{name}</option> }
        })
        .collect();
    let year = year.to_string();
    view! {
        <form method="get" class="filters">
            <div class="field"><label for="filter-unit">{locale.event_unit()}</label>
                <select id="filter-unit" name="unit">{options}</select></div>
            <div class="field"><label for="filter-year">{locale.ledger_year()}</label>
                <input id="filter-year" name="year" type="number" inputmode="numeric" min="1901" max="2198" value=year/></div>
            <button class="button">{locale.show()}</button>
        </form>
    }
}

/// The year asked for, else this one.
pub fn year(ctx: &Ctx) -> i32 {
    let asked = ctx.query.get("year").parse().ok().filter(|year| (1901..=2198).contains(year));
    asked.unwrap_or_else(|| ctx.today.year())
}

/// The pages that stand beside each other.
pub fn neighbours(ctx: &Ctx, unit: &Unit, year: i32) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let to = |page: &str| format!("{page}?unit={}&year={year}", unit.code);
    view! {
        <nav class="toolbar" aria-label=locale.key_date_related()>
            <a href=to("/key-dates")>{locale.key_dates_title()}</a>
            <a href=to("/holidays")>{locale.holidays_title()}</a>
            <a href=to("/blackouts")>{locale.blackouts_title()}</a>
            <a href=format!("/countdowns/general?unit={}", unit.code)>{locale.template_link_any()}</a>
            <a href=format!("/calendar?unit={}", unit.code)>{locale.nav_calendar()}</a>
        </nav>
    }
}
