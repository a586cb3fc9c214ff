//! Sentences as township reports write them: what is a figure and of what, and what is none. Each expectation is written out.

use super::tests::{office, read, told};

#[test]
fn numbers_in_real_sentences_count_what_they_say_and_nothing_else() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        (
            "截至目前，全镇14个村（社区）共制作普法展板62块，每个村（社区）3块以上。",
            vec!["62块 board=62", "3块以上 ?rate"],
        ),
        ("出动宣传车20台次，行程600余公里，播放法治音频120余次。", vec!["20台次 vehicle=20", "120余次 ?no_measure"]),
        (
            "印制《法治宣传教育手册》1200本，发放到村民手中1000余本。",
            vec!["1200本 booklet=1200", "1000余本 ?no_measure"],
        ),
        ("通过微信群推送法治信息300余条，阅读量达1.2万余次。", vec!["300余条 post>300", "1.2万余次 views>12000"]),
        (
            "先后举办法治讲座12场，参加群众980人次，覆盖率100%。",
            vec!["12场 lecture=12", "980人次 attendance=980", "100% ?share"],
        ),
        ("召开院坝会46场次，面对面宣讲30余场。", vec!["46场次 lecture=46", "30余场 lecture>30"]),
        ("开展法律咨询服务活动8场，现场接受群众咨询230余人次。", vec!["8场 ?unit_word", "230余人次 consultation>230"]),
        ("现场发放宣传资料余份，解答群众疑问。", vec![]),
        (
            "共发放宣传资料5000余份、宣传品800余份，受教育群众达4022人。",
            vec!["5000余份 leaflet>5000", "800余份 gift>800", "4022人 attendance?=4022"],
        ),
        ("受教育人数4022，其中学生1200人次。", vec!["4022 people=4022", "1200人次 attendance=1200"]),
        ("普法宣传覆盖全镇三分之二以上的村，群众知晓率达到95%。", vec!["95% ?share"]),
        ("横幅数量是去年的2倍，同比增长12%。", vec!["12% ?change"]),
        (
            "悬挂横幅156条，同比增长12%；发放资料7065份，较去年增加600份。",
            vec!["156条 banner=156", "12% banner more 12", "7065份 leaflet=7065", "600份 leaflet more =600"],
        ),
        ("发案数同比下降30%，环比增长5%。", vec!["30% ?change", "5% ?change"]),
        ("化解纠纷46起，同比下降12.5%，悬挂横幅20条。", vec!["46起 ?no_measure", "12.5% ?change", "20条 banner=20"]),
        ("扎实推进第8个五年普法规划，在4·15、12·4等节点悬挂横幅30条。", vec!["30条 banner=30"]),
        ("拨打12348法律服务热线，联系电话023-66412345、13800138000，悬挂横幅20条。", vec!["20条 banner=20"]),
        ("根据青司发〔2021〕3号、渝委办〔2020〕15号文件要求，发放资料500份。", vec!["500份 leaflet=500"]),
        ("全镇12个村（社区）、4所学校，村(社区)12个，共悬挂横幅36条，每村3条。", vec!["36条 banner=36", "3条 ?rate"]),
        ("累计开展集中宣传12次，人均学法20课时。", vec!["12次 activities|campaigns=12", "20课时 ?rate"]),
        (
            "一是开展“谁执法谁普法”活动；二是发放资料三千余份；三是悬挂横幅二十条。",
            vec!["三千余份 leaflet>3000", "二十条 banner=20"],
        ),
        (
            "12月4日上午9:30，在镇文化广场（5000平方米）发放资料800份。",
            vec!["800份 leaflet=800 2021-12-04..2021-12-04"],
        ),
        ("镇党委理论学习中心组每季度学法1次，全年共4次。", vec!["1次 ?rate", "4次 ?no_measure"]),
        ("投入资金2.3万元，制作展板20块。", vec!["20块 board=20"]),
        (
            "LED显示屏滚动播放法治标语120条次，村村响广播每日2次，共播放90次。",
            vec!["120条次 led=120", "2次 ?rate", "90次 ?no_measure"],
        ),
        (
            "培养“法律明白人”42名，聘任法治副校长4名，打造法治文化阵地2处，法律顾问14名。",
            vec!["42名 law_literate=42", "4名 vice_principal=4", "2处 venue=2", "14名 legal_adviser=14"],
        ),
        (
            "组织干部参加网上法律知识考试156人，参考率100%，合格率98.5%。",
            vec!["156人 exam=156", "100% ?share", "98.5% ?share"],
        ),
        ("A村3条、B村2条，横幅合计5条。", vec!["3条 ?no_measure", "2条 ?no_measure", "5条 banner=5"]),
        ("宣传标语20余条，悬挂在3个人员密集场所。", vec!["20余条 banner>20"]),
        ("下一步，计划开展讲座20场，力争发放资料1万份。", vec!["20场 ?plan", "1万份 ?plan"]),
    ] {
        let found: Vec<String> = read(text, &office()).iter().map(|claim| told(text, claim)).collect();
        if found != expected {
            wrong.push(format!("{text}\n  {found:?}\n  {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
