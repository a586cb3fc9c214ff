//! Where the demo plays: the seed's town with its real villages and communities, and invented schools and people.

use crate::domain::access::Role;

/// Every unit of the district. Source: the national statistical division codes, see `DATA.md` in this folder.
const DISTRICT: &str = include_str!("banan-district-units.csv");

/// The county.
pub const COUNTY: &str = "500113";

/// The town.
pub const TOWN: &str = "500113108";

/// The district, the town and its villages and communities, as `code,name,parent_code`.
pub fn units() -> String {
    let mut lines = DISTRICT.lines();
    let head = lines.next().unwrap_or_default();
    let own = lines.filter(|line| {
        let code = line.split(',').next().unwrap_or_default();
        code == COUNTY || code.starts_with(TOWN)
    });
    std::iter::once(head).chain(own).collect::<Vec<_>>().join("\n")
}

/// A village or community of the town with what the demo invents of it.
#[derive(Clone, Copy, Debug)]
pub struct Village {
    pub code: &'static str,
    pub households: i64,
    pub population: i64,
    /// How often it was visited in 2021.
    pub visits: i64,
    /// People trained as 法律明白人 at the end of 2021.
    pub law_literate: i64,
}

const fn village(code: &'static str, households: i64, population: i64, visits: i64, law_literate: i64) -> Village {
    Village { code, households, population, visits, law_literate }
}

/// The villages and communities, by code. 大沟村 (…216) is the one that was left out.
pub const VILLAGES: [Village; 14] = [
    village("500113108001", 1_120, 3_260, 11, 4),
    village("500113108002", 640, 1_850, 9, 3),
    village("500113108003", 705, 2_010, 10, 3),
    village("500113108203", 580, 1_720, 8, 3),
    village("500113108206", 612, 1_835, 9, 4),
    village("500113108207", 498, 1_460, 8, 3),
    village("500113108210", 655, 1_940, 12, 5),
    village("500113108211", 430, 1_275, 6, 3),
    village("500113108212", 405, 1_190, 7, 3),
    village("500113108213", 522, 1_540, 7, 3),
    village("500113108214", 388, 1_105, 6, 3),
    village("500113108215", 362, 1_060, 5, 3),
    village("500113108216", 341, 980, 2, 2),
    village("500113108217", 476, 1_395, 8, 3),
];

/// An invented school.
#[derive(Clone, Copy, Debug)]
pub struct School {
    pub code: &'static str,
    pub name: &'static str,
    /// The years in which its classes entered, and how many classes a year has.
    pub entry_years: (i32, i32),
    pub classes_a_year: i32,
}

pub const SCHOOLS: [School; 3] = [
    School {
        code: "500113108-s1", name: "圣灯山初级中学（示例）", entry_years: (2019, 2021), classes_a_year: 3
    },
    School {
        code: "500113108-s2", name: "圣灯山中心小学（示例）", entry_years: (2016, 2021), classes_a_year: 2
    },
    School { code: "500113108-s3", name: "天坪小学（示例）", entry_years: (2016, 2021), classes_a_year: 1 },
];

impl School {
    /// Its classes: name, entry year and pupils.
    pub fn classes(&self) -> Vec<(String, i32, i64)> {
        let (first, last) = self.entry_years;
        (first..=last)
            .flat_map(|year| (1..=self.classes_a_year).map(move |number| (year, number)))
            .map(|(year, number)| {
                let pupils = 34 + i64::from((year * 5 + number * 3) % 9);
                (format!("{year}级{number}班"), year, pupils)
            })
            .collect()
    }

    pub fn pupils(&self) -> i64 {
        self.classes().iter().map(|class| class.2).sum()
    }
}

/// An account of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub name: &'static str,
    pub display_name: &'static str,
    pub role: Role,
    pub unit: &'static str,
}

/// The password of every account of the demo. Nothing outside the demo has a default password.
pub const PASSWORD: &str = "pufa-demo-2021";

pub const PEOPLE: [Person; 6] = [
    Person { name: "admin", display_name: "余静", role: Role::Admin, unit: COUNTY },
    Person { name: "officer", display_name: "陈晓", role: Role::Officer, unit: TOWN },
    Person { name: "cadre", display_name: "刘敏", role: Role::Cadre, unit: "500113108210" },
    Person { name: "cadre2", display_name: "何平", role: Role::Cadre, unit: "500113108216" },
    Person { name: "school", display_name: "杨帆", role: Role::Cadre, unit: "500113108-s1" },
    Person { name: "leader", display_name: "周正", role: Role::Leader, unit: TOWN },
];
