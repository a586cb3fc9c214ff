//! `/reports/:id/edit`: the texts of a report, section by section; figures stay in braces.

use super::{
    action::{self, Texts},
    page::id_of,
    store::{self, Report},
};
use crate::{
    domain::report::{
        Section,
        text::{Of, Token},
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems, TextArea},
        page::{Page, page},
        table::{Head, Table},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Lines of a field: as many as the text has, within reason.
fn rows(body: &str) -> u32 {
    let lines: usize = body.lines().map(|line| 1 + line.chars().count() / 45).sum();
    u32::try_from(lines.clamp(2, 24)).unwrap_or(24)
}

/// The form.
pub fn edit() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let report = store::one(&mut conn, &ctx.scope()?, id).await?;
        drop(conn);
        if !ctx.actor()?.may_manage(&report.unit) {
            return Err(Error::Forbidden);
        }
        let title = locale.paper_edit_title(&report.title);
        if !report.state.is_open() && ctx.refused.is_none() {
            let body = view! {
                <p class="lead">{locale.paper_closed()}</p>
                <p><a href=format!("/reports/{id}")>{locale.paper_back()}</a></p>
            };
            return Ok(Page::new("/report", title, body));
        }
        let tongue = report.snapshot.locale;
        let sections = Section::ALL
            .iter()
            .map(|section| {
                let body = report.sections.get(section).cloned().unwrap_or_default();
                let label = section.heading(tongue).unwrap_or(locale.paper_opening_name());
                let now = theirs(&ctx, report.version, section.key(), &body);
                view! { <TextArea name=section.key() label rows=rows(&body) value=body/>{now} }
            })
            .collect_view();
        let tokens = tokens(locale, &report);
        let head = [("title", &report.title), ("addressee", &report.addressee)];
        let [title_now, addressee_now] = head.map(|(field, now)| theirs(&ctx, report.version, field, now));
        let Report { version, title: heading, addressee, .. } = report;
        let body = view! {
            <Problems/>
            <p><a href=format!("/reports/{id}")>{locale.paper_back()}</a></p>
            <p class="hint">{locale.paper_edit_how("}", "{")}</p>
            <Form class="form wide">
                <input type="hidden" name="version" value=version/>
                <Field name="title" label=locale.paper_title_field() value=heading/>{title_now}
                <Field name="addressee" label=locale.paper_addressee() value=addressee/>{addressee_now}
                {sections}
                <div><button class="primary" type="submit">{locale.save()}</button></div>
            </Form>
            {tokens}
        };
        Ok(Page::new("/report", title, body))
    })
}

/// What the report says now of a field whose refused form says otherwise: somebody else may have written it meanwhile.
fn theirs(ctx: &Ctx, version: i64, field: &str, now: &str) -> Option<impl IntoView + use<>> {
    let refused = ctx.refused.as_ref()?;
    let plain = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let differs = refused.form.get("version") != version.to_string() && plain(refused.form.get(field)) != plain(now);
    differs.then(|| {
        let lines = now.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view();
        view! { <div class="theirs"><p class="hint">{ctx.locale.paper_stale_now()}</p>{lines}</div> }
    })
}

/// What can be written in braces, and what it says.
fn tokens(locale: Locale, report: &Report) -> impl IntoView + use<> {
    let snapshot = &report.snapshot;
    let figures =
        snapshot.items(&Of::All).into_iter().map(|item| Token::Figure { measures: vec![item.key], of: Of::All });
    let facts = snapshot.facts.iter().map(|fact| Token::Fact(fact.key.clone()));
    let quotes = report.quotes.iter().map(|quote| Token::Quote(quote.number));
    let rows = figures
        .chain(facts)
        .chain(quotes)
        .map(|token| {
            let words = snapshot.words(&token, &report.quotes, report.style);
            let label = snapshot.label(&token, &report.quotes);
            view! { <tr><th scope="row"><code>{token.to_string()}</code></th><td>{label}</td><td>{words}</td></tr> }
        })
        .collect_view();
    let parts = snapshot
        .parts
        .iter()
        .filter(|part| part.activities > 0)
        .map(|part| {
            let code = match &part.of {
                Of::Theme(key) => format!("@{key}"),
                Of::Campaign(key) => format!("#{key}"),
                Of::All | Of::Own => String::new(),
            };
            view! { <li><code>{code}</code>" "{part.name.clone()}</li> }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.paper_token()),
        Head::Text(locale.paper_token_label()),
        Head::Text(locale.paper_token_words()),
    ];
    view! {
        <section>
            <h2>{locale.paper_tokens()}</h2>
            <Table caption=locale.paper_tokens_caption() heads>{rows}</Table>
            <p class="hint">{locale.paper_tokens_how("}", "{")}</p>
            <ul class="token-parts">{parts}</ul>
        </section>
    }
}

/// POST `/reports/{id}/edit`
pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = id_of(&ctx)?;
    let texts = Texts {
        title: form.get("title").to_owned(),
        addressee: form.get("addressee").to_owned(),
        sections: Section::ALL.iter().map(|section| (*section, form.get(section.key()).to_owned())).collect(),
    };
    action::edit(&ctx, id, form.get("version"), &texts).await?;
    Ok(Done::to(format!("/reports/{id}")).say(ctx.locale.paper_saved()))
}
