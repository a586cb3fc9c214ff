//! The notice of a campaign to the villages: its lines, as an office's document (DOCX), and as a message for their group
//! with each village's link. Who has read it is nobody's business.

use crate::{
    domain::{campaign::Campaign, countdown::Task, period::Day, unit::Unit},
    error::Result,
    server::document::Document,
};
use chrono::Datelike;

/// What a notice is made of. It is written in Chinese: it goes to villages.
#[derive(Clone, Debug)]
pub struct Notice {
    pub title: String,
    /// The units it is sent to: 各村（社区）、学校：.
    pub to: String,
    /// Paragraphs of the body.
    pub body: Vec<String>,
    pub sender: String,
    pub day: String,
}

/// 2026年12月4日.
fn day_text(day: Day) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// The notice of a campaign; `units` are those it goes to.
pub fn of(campaign: &Campaign, units: &[Unit], tasks: &[Task], today: Day) -> Notice {
    use crate::domain::unit::UnitKind::{Community, School, Village};
    let has = |kinds: &[crate::domain::unit::UnitKind]| units.iter().any(|unit| kinds.contains(&unit.kind));
    let to = match (has(&[Village, Community]), has(&[School])) {
        (true, true) => "各村（社区）、各学校：",
        (false, true) => "各学校：",
        _ => "各村（社区）：",
    };
    let themes: Vec<&str> = campaign.themes.iter().map(|theme| theme.name.as_str()).collect();
    let about = if themes.is_empty() { String::new() } else { format!("，主题为{}", themes.join("、")) };
    let period = match campaign.period.from == campaign.period.to {
        true => day_text(campaign.period.from),
        false => format!("{}至{}", day_text(campaign.period.from), day_text(campaign.period.to)),
    };
    let mut body = vec![format!("现就开展“{}”有关事项通知如下。", campaign.title)];
    body.push("一、时间和主题".into());
    body.push(format!("活动时间为{period}{about}。"));
    let mut numbers = ["二", "三", "四"].into_iter();
    let mut heading = |text: &str| format!("{}、{text}", numbers.next().unwrap_or_default());
    if !campaign.quantities.is_empty() {
        body.push(heading("计划数量"));
        let list: Vec<String> =
            campaign.quantities.iter().map(|own| format!("{}{}{}", own.name, own.value, own.unit_word)).collect();
        body.push(format!("全镇合计：{}。", list.join("、")).replace("全镇", &campaign.unit.short_name));
    }
    if !tasks.is_empty() {
        body.push(heading("时间安排"));
        for task in tasks {
            let owner = if task.plan.owner.is_empty() { String::new() } else { format!("（{}）", task.plan.owner) };
            body.push(format!("{}月{}日：{}{owner}。", task.plan.due.month(), task.plan.due.day(), task.plan.what));
        }
    }
    body.push(heading("登记要求"));
    body.push("活动当天在普法系统登记，数量如实填写；照片可以附，不作要求。".into());
    if !campaign.note.is_empty() {
        body.push(campaign.note.clone());
    }
    Notice {
        title: format!("关于开展“{}”的通知", campaign.title),
        to: to.into(),
        body,
        sender: campaign.unit.short_name.clone(),
        day: day_text(today),
    }
}

impl Notice {
    /// The message for the villages' group: short, and each unit's link to its log page.
    pub fn message(&self, campaign: &Campaign, units: &[Unit], origin: &str) -> String {
        let mut lines = vec![format!("【{}】", self.title), self.to.clone()];
        lines.extend(self.body.iter().cloned());
        lines.push(format!("{} {}", self.sender, self.day));
        lines.push(String::new());
        lines.extend(
            units
                .iter()
                .map(|unit| format!("{}：{origin}/log?unit={}&campaign={}", unit.short_name, unit.code, campaign.key)),
        );
        lines.join("\n")
    }

    /// As an office lays it out.
    pub fn document(&self) -> Document {
        Document {
            title: self.title.clone(),
            to: self.to.clone(),
            body: self.body.clone(),
            pictures: Vec::new(),
            end: vec![self.sender.clone(), self.day.clone()],
        }
    }

    /// The document.
    ///
    /// # Errors
    /// A fault of ours, where it cannot be packed.
    pub fn docx(&self) -> Result<Vec<u8>> {
        self.document().docx()
    }
}
