//! What the pages share: pictures with their captions, lists of documents, the form that sends more. The entry's own page
//! shows [`section`].

use super::store::{self, Piece, Use};
use crate::{
    activity::store::Entry,
    domain::{
        activity::Status,
        catalogue::{Catalogue, EvidencePolicy},
        evidence::{Kind, MOST_BYTES, caption, policy_words, shows_children},
        unit::Unit,
    },
    error::Result,
    locale::Locale,
    server::{context::Ctx, db::Conn},
};
use leptos::prelude::*;

/// The evidence of an entry, for its page.
#[derive(Debug)]
pub struct Shown {
    activity: uuid::Uuid,
    pieces: Vec<Piece>,
    similar: Vec<Use>,
    policy: EvidencePolicy,
    caption: String,
    may_add: bool,
    children: bool,
    withdrawn: bool,
}

/// What stands below an entry's pictures.
pub fn caption_of(entry: &Entry, locale: Locale) -> String {
    caption(entry.draft.date, &entry.draft.place, &entry.unit_name, locale)
}

/// Loads the evidence of an entry that the reader reads.
///
/// # Errors
/// The database does not answer.
pub async fn of_entry(ctx: &Ctx, conn: &mut Conn, entry: &Entry, unit: &Unit, catalogue: &Catalogue) -> Result<Shown> {
    let mut similar: Vec<Use> = Vec::new();
    for (_, other) in store::similar(conn, &ctx.scope()?, entry.draft.id).await? {
        if similar.iter().all(|one| one.activity != other.activity) {
            similar.push(other);
        }
    }
    let withdrawn = entry.status == Status::Withdrawn;
    Ok(Shown {
        activity: entry.draft.id,
        pieces: store::of_activity(conn, entry.draft.id).await?,
        similar,
        policy: catalogue.activity_type_by_id(entry.type_id).map_or(EvidencePolicy::None, |kind| kind.evidence),
        caption: caption_of(entry, ctx.locale),
        may_add: !withdrawn && ctx.actor()?.may_log(unit),
        children: shows_children(unit.kind, !entry.draft.classes.is_empty()),
        withdrawn,
    })
}

/// The entry's evidence: pictures, documents, what is alike, and the form for more.
pub fn section(ctx: &Ctx, shown: Shown) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let Shown { activity, pieces, similar, policy, caption, may_add, children, withdrawn } = shown;
    if withdrawn {
        let count = pieces.len();
        return (count > 0)
            .then(|| view! { <section class="evidence"><p class="muted">{locale.evidence_kept_away(count)}</p></section> })
            .into_any();
    }
    let lacks = policy == EvidencePolicy::Required && pieces.is_empty();
    let is_empty = pieces.is_empty();
    let action = format!("/activities/{activity}/evidence");
    view! {
        <section class="evidence" id="evidence">
            <h2>{locale.evidence_title()}</h2>
            {lacks.then(|| view! { <p><span class="tag warn">{locale.evidence_lacking()}</span></p> })}
            {(may_add || is_empty).then(|| view! { <p class="hint">{policy_words(policy, locale)}</p> })}
            {gallery(locale, &pieces, &caption, false)}
            {documents(locale, &pieces)}
            {(!similar.is_empty()).then(|| alike(locale, &similar))}
            {may_add.then(|| upload_form(locale, action.clone(), children, false))}
            <p class="links">
                {(!is_empty).then(|| view! { <a href=action>{locale.evidence_big()}</a>" " })}
                <a href="/evidence">{locale.evidence_all()}</a>
            </p>
        </section>
    }
    .into_any()
}

/// The photos among pieces, as thumbnails or `large`, each with its caption; nothing where there are none.
pub fn gallery(locale: Locale, pieces: &[Piece], caption: &str, large: bool) -> Option<AnyView> {
    let photos: Vec<_> = pieces.iter().filter(|piece| piece.kind == Kind::Photo).collect();
    if photos.is_empty() {
        return None;
    }
    let class = if large { "gallery large" } else { "gallery" };
    let many = photos.len() > 1;
    let figures = (1..)
        .zip(photos)
        .map(|(number, piece)| {
            // Nine photos with one caption are told apart by their number.
            let words = if many { format!("{caption}（{number}）") } else { caption.to_owned() };
            view! { <li>{figure(locale, piece, words, large)}</li> }
        })
        .collect_view();
    Some(view! { <ul class=class>{figures}</ul> }.into_any())
}

/// A photo with its caption.
pub fn figure(locale: Locale, piece: &Piece, words: String, large: bool) -> impl IntoView + use<> {
    let source = if large { format!("/evidence/{}", piece.id) } else { format!("/evidence/{}/thumb", piece.id) };
    view! {
        <figure>
            <a href=format!("/evidence/{}/uses", piece.id)>
                <img src=source alt=words.clone() width=piece.width height=piece.height loading=(!large).then_some("lazy")/>
            </a>
            <figcaption>
                {words}
                {piece.children.then(|| view! { " "<span class="tag quiet">{locale.evidence_children_tag()}</span> })}
            </figcaption>
        </figure>
    }
}

/// The documents among pieces; nothing where there are none.
pub fn documents(locale: Locale, pieces: &[Piece]) -> Option<AnyView> {
    let rows: Vec<_> = pieces
        .iter()
        .filter(|piece| piece.kind == Kind::Document)
        .map(|piece| {
            let about = locale.evidence_added_by(crate::server::clock::minute(piece.linked_at), &piece.linked_by_name);
            view! {
                <li>
                    <a href=format!("/evidence/{}/uses", piece.id)>{shown_name(locale, piece)}</a>
                    " "<span class="muted">{bytes(piece.size)}" · "{about}</span>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <ul class="documents">{rows}</ul> }.into_any())
}

/// A piece's name; what it is where it has none.
pub fn shown_name(locale: Locale, piece: &Piece) -> String {
    match (piece.name.as_str(), piece.kind) {
        ("", Kind::Photo) => locale.evidence_kind_photo().into(),
        ("", Kind::Document) => locale.evidence_kind_document().into(),
        (name, _) => name.to_owned(),
    }
}

/// A size as people read it.
pub fn bytes(size: i64) -> String {
    const KIB: i64 = 1024;
    match size {
        size if size >= KIB * KIB => format!("{:.1} MB", size as f64 / (KIB * KIB) as f64),
        size => format!("{} KB", (size + KIB - 1) / KIB),
    }
}

/// Entries with the same picture or one like it: a fact, and no reproach.
fn alike(locale: Locale, similar: &[Use]) -> impl IntoView + use<> {
    let items = similar
        .iter()
        .map(|one| {
            let address = format!("/activities/{}", one.activity);
            view! { <li><a href=address>{one.day.to_string()}" "{one.unit_name.clone()}</a></li> }
        })
        .collect_view();
    view! {
        <div class="alike">
            <p>{locale.evidence_alike()}</p>
            <ul>{items}</ul>
            <p class="hint">{locale.evidence_alike_hint()}</p>
        </div>
    }
}

/// The form that sends more: a plain one, which works without script; the camera is offered and never forced.
pub fn upload_form(locale: Locale, action: String, children: bool, office: bool) -> impl IntoView + use<> {
    let most = MOST_BYTES / 1024 / 1024;
    let (label, hint, accept) = match office {
        true => {
            (locale.evidence_documents_add(), locale.evidence_documents_hint(most), ".pdf,.ofd,.docx,.xlsx,image/*")
        }
        false => (locale.evidence_add(), locale.evidence_add_hint(most), "image/*,application/pdf"),
    };
    view! {
        <form method="post" action=action enctype="multipart/form-data" class="form upload" novalidate=true>
            <div class="field">
                <label for="f-file">{label}</label>
                <p class="hint" id="f-file-hint">{hint}</p>
                <input type="file" id="f-file" name="file" accept=accept multiple=true aria-describedby="f-file-hint"/>
            </div>
            <div class="field">
                <div class="check">
                    <input type="checkbox" id="f-children" name="children" value="1" checked=children
                        aria-describedby="f-children-hint"/>
                    <label for="f-children">{locale.evidence_children()}</label>
                </div>
                <p class="hint" id="f-children-hint">{locale.evidence_children_hint()}</p>
            </div>
            <div><button type="submit">{locale.evidence_send()}</button></div>
        </form>
    }
}
