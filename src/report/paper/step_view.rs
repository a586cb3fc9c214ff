//! Where a report stands, how it came there, and what can be done next.

use super::store::{Report, Step};
use crate::{
    domain::report::State,
    locale::Locale,
    server::{clock, context::Ctx},
    ui::field::{Field, Form},
};
use leptos::prelude::*;

/// The state in a word.
pub fn state_text(locale: Locale, state: State) -> &'static str {
    match state {
        State::Draft => locale.paper_draft(),
        State::Review => locale.paper_review(),
        State::Signed => locale.paper_signed(),
        State::Sent => locale.paper_sent(),
        State::Public => locale.paper_public(),
    }
}

/// The state as a tag.
pub fn state_tag(locale: Locale, state: State) -> impl IntoView {
    let class = match state {
        State::Draft => "tag quiet",
        State::Review => "tag warn",
        State::Signed | State::Sent | State::Public => "tag good",
    };
    view! { <span class=class>{state_text(locale, state)}</span> }
}

/// What happened to the report, step by step.
pub fn steps(locale: Locale, steps: &[Step]) -> impl IntoView + use<> {
    let items = steps
        .iter()
        .enumerate()
        .map(|(place, step)| {
            let state = match step.state {
                State::Draft if place > 0 => locale.paper_step_back(),
                state => state_text(locale, state),
            };
            let line = locale.paper_step(&step.name, state, clock::minute(step.done_at));
            let remark = (!step.remark.is_empty()).then(|| locale.paper_step_remark(&step.remark));
            view! { <li>{line}{remark}</li> }
        })
        .collect_view();
    view! {
        <section>
            <h2>{locale.paper_steps()}</h2>
            <ol class="steps">{items}</ol>
        </section>
    }
}

/// The forms of what can be done next.
pub fn forms(ctx: &Ctx, report: &Report) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let version = report.version;
    let receiver = report.addressee.clone();
    let hidden = move || view! { <input type="hidden" name="version" value=version/> };
    let refresh = report.state.is_open().then(|| {
        view! {
            <Form action="refresh" class="inline">
                {hidden()}
                <button type="submit">{locale.paper_refresh()}</button>
            </Form>
        }
    });
    let steps = report
        .state
        .next()
        .iter()
        .map(|state| match state {
            State::Review => view! {
                <Form action="review" class="inline">
                    {hidden()}
                    <button class="primary" type="submit">{locale.paper_do_review()}</button>
                </Form>
            }
            .into_any(),
            State::Draft => view! {
                <Form action="back">
                    {hidden()}
                    <Field name="remark" label=locale.paper_remark()/>
                    <div><button type="submit">{locale.paper_do_back()}</button></div>
                </Form>
            }
            .into_any(),
            State::Signed => view! {
                <Form action="sign">
                    {hidden()}
                    <Field name="signer" label=locale.paper_signer() hint=locale.paper_signer_hint()/>
                    <div><button class="primary" type="submit">{locale.paper_do_sign()}</button></div>
                </Form>
            }
            .into_any(),
            State::Sent => {
                let receiver = receiver.clone();
                view! {
                    <Form action="send">
                        {hidden()}
                        <Field name="receiver" label=locale.paper_receiver() value=receiver/>
                        <div><button class="primary" type="submit">{locale.paper_do_send()}</button></div>
                    </Form>
                }
                .into_any()
            }
            State::Public => view! {
                <Form action="publish">
                    {hidden()}
                    <Field name="place" label=locale.paper_place()/>
                    <div><button class="primary" type="submit">{locale.paper_do_publish()}</button></div>
                </Form>
            }
            .into_any(),
        })
        .collect_view();
    view! { <section class="report-steps">{refresh}{steps}</section> }
}
