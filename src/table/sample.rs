//! For tests: a county's own form, and tables and files that were sent.

use crate::{
    evidence::sample::form,
    server::testing::{Answer, World},
};
use axum::http::Method;
use rust_xlsxwriter::{Format, Formula, Workbook};

/// A county's monthly form: a merged title, a head of two rows, villages with their numbers, sums that reckon; and a second
/// sheet that is nobody's business.
pub fn county_form(rows: &[&str]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold().set_background_color("#FFE699");
    let sheet = workbook.add_worksheet();
    sheet.set_name("普法统计").expect("a name");
    sheet.merge_range(0, 0, 0, 5, "普法工作统计表", &bold).expect("a title");
    for (column, head) in (0..).zip(["序号", "村（社区）", "横幅（条）", "宣传资料（份）", "院坝会（场）", "备注"])
    {
        sheet.write_string_with_format(1, column, head, &bold).expect("a head");
    }
    sheet.set_column_width(1, 22.5).expect("a width");
    let mut row = 2;
    for (number, name) in (1..).zip(rows) {
        sheet.write_number(row, 0, f64::from(number)).expect("a number");
        sheet.write_string_with_format(row, 1, *name, &bold).expect("a name");
        // Some forms come with what was typed the last time.
        sheet.write_string(row, 2, "（填）").expect("a remark");
        sheet.write_string(row, 5, "见附件").expect("a remark");
        row += 1;
    }
    sheet.write_string(row, 1, "合计").expect("a name");
    let sum = Formula::new(format!("=SUM(C3:C{row})")).set_result("0");
    sheet.write_formula_with_format(row, 2, sum, &bold).expect("a sum");
    let other = workbook.add_worksheet();
    other.set_name("说明").expect("a name");
    other.write_string(0, 0, "每月26日报送").expect("a remark");
    workbook.save_to_buffer().expect("a workbook")
}

/// A county's form that is laid out across: its columns are months or villages, its rows are what is given with their counters.
pub fn form_across(title: &str, columns: &[&str], rows: &[(&str, &str)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("统计").expect("a name");
    sheet.write_string(0, 0, title).expect("a title");
    for (column, head) in (0..).zip(["序号", "项目", "单位"].iter().chain(columns)) {
        sheet.write_string(1, column, *head).expect("a head");
    }
    for (number, (name, word)) in (1..).zip(rows) {
        sheet.write_number(number + 1, 0, f64::from(number)).expect("a number");
        sheet.write_string(number + 1, 1, *name).expect("a name");
        sheet.write_string(number + 1, 2, *word).expect("a counter");
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// Sends a file to a page of templates as somebody of the cast.
pub async fn upload(world: &World, who: &str, address: &str, name: &str, bytes: &[u8]) -> Answer {
    let (kind, body) = form(&[("file", name, bytes)]);
    world.send_bytes(who, Method::POST, address, &kind, body).await
}

/// The id of a file that 钱芳 sent for 天坪村.
pub async fn fresh_template(world: &World) -> String {
    let address = "/tables/templates?unit=500999001201";
    let answer = upload(world, "qian", address, "月报.xlsx", &county_form(&["1月", "2月"])).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").rsplit('/').next().expect("an id").to_owned()
}

/// The id of a table that 钱芳 sent for 天坪村.
pub async fn fresh_sent(world: &World) -> String {
    let address = "/tables?unit=500999001201&year=2021&part=06&rows=time";
    let answer = world.submit("qian", address, &[("do", "send"), ("note", "")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").rsplit('/').next().expect("an id").to_owned()
}
