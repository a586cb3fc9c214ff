//! The classes of a school: list, add, change pupils, close.

use super::view::refused_form;
use crate::{
    domain::unit::Class,
    server::context::Ctx,
    ui::field::{Field, Form},
};
use leptos::prelude::*;

/// The section of a school's page; `manages` adds the forms.
pub fn classes(ctx: &Ctx, classes: Vec<Class>, manages: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let (open, closed): (Vec<Class>, Vec<Class>) = classes.into_iter().partition(|class| class.active_to.is_none());
    let pupils: i64 = open.iter().map(|class| class.pupils).sum();
    let lead = if open.is_empty() {
        view! { <p class="empty">{locale.unit_classes_none()}</p> }.into_any()
    } else {
        view! { <p>{locale.unit_classes_sum(open.len(), pupils)}</p> }.into_any()
    };
    let table = (!open.is_empty()).then(|| {
        let rows = open.into_iter().map(|class| row(ctx, class, manages)).collect_view();
        view! {
            <div class="scroll">
                <table class="table">
                    <caption>{locale.unit_classes()}</caption>
                    <thead><tr>
                        <th scope="col">{locale.unit_class()}</th>
                        <th scope="col">{locale.unit_pupils()}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    let closed = (!closed.is_empty()).then(|| {
        let items = closed.into_iter().map(|class| {
            let until = class.active_to.map(|day| locale.unit_class_until(day));
            view! { <li>{class.name}" "<small class="muted">{until}</small></li> }
        });
        view! { <details><summary>{locale.unit_classes_closed()}</summary><ul>{items.collect_view()}</ul></details> }
    });
    let add = manages.then(|| {
        let refused = refused_form(ctx);
        view! {
            <details open=refused.starts_with("class")>
                <summary class="button">{locale.unit_class_add()}</summary>
                <Form action="class">
                    <Field name="class_name" label=locale.unit_class() hint=locale.unit_class_hint() required=true/>
                    <Field name="class_pupils" label=locale.unit_pupils() kind="number" min="0" required=true
                        unit_word=locale.unit_people_word()/>
                    <p><button class="button primary">{locale.unit_class_add_do()}</button></p>
                </Form>
            </details>
        }
    });
    view! {
        <section>
            <h2>{locale.unit_classes()}</h2>
            {lead}
            {table}
            {add}
            {closed}
        </section>
    }
}

/// A class, with the form that changes its pupils or closes it.
fn row(ctx: &Ctx, class: Class, manages: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let Class { name, pupils, .. } = class;
    let cell = if manages {
        let label = locale.unit_pupils_of(&name);
        view! {
            <form method="post" class="inline">
                <input type="hidden" name="class_name" value=name.clone()/>
                <input type="number" name="class_pupils" value=pupils.to_string() min="0" inputmode="numeric" aria-label=label/>
                <button class="button" name="do" value="class_pupils">{locale.unit_class_save()}</button>
                <button class="button danger" name="do" value="class_close">{locale.unit_class_close()}</button>
            </form>
        }
        .into_any()
    } else {
        pupils.to_string().into_any()
    };
    view! { <tr><th scope="row">{name}</th><td>{cell}</td></tr> }
}
