//! A district of the seed's size: its units, its projects of three years, and who hands in what.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::chance::Chance;
use crate::names::{DEPARTMENTS, FORMER, MERGED, QUALIFIERS, SHORT, STREETS, district};
use crate::themes::{THEMES, Theme};

/// A unit.
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) code: String,
    /// Name of its department, which is that of the department's first unit.
    pub(crate) department: String,
    pub(crate) aliases: Vec<String>,
    /// 区直 or 街道.
    pub(crate) kind: &'static str,
    /// The unit it was merged into in 2022.
    pub(crate) merged_into: Option<String>,
    /// Themes of its projects.
    themes: Vec<&'static Theme>,
}

impl Unit {
    /// Whether it is a department's own.
    pub(crate) fn is_head(&self) -> bool {
        self.name == self.department
    }

    /// The theme of its forms about itself as a whole.
    pub(crate) fn theme(&self) -> &'static Theme {
        self.themes[0]
    }
}

/// Where a project's money comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Own,
    Transfer,
    Bond,
}

/// A project.
pub(crate) struct Project {
    /// Empty for one without a code.
    pub(crate) code: String,
    pub(crate) name: String,
    /// Its unit, by number.
    pub(crate) unit: usize,
    pub(crate) theme: &'static Theme,
    pub(crate) source: Source,
    /// 万元 by year.
    pub(crate) amounts: BTreeMap<u16, Decimal>,
    /// The years in which the ledger calls it new.
    pub(crate) new_in: Option<u16>,
    /// Whether its ex-ante evaluation was handed in.
    pub(crate) evaluated: bool,
}

/// A district.
pub(crate) struct District {
    pub(crate) region: String,
    pub(crate) seed: u64,
    /// 92 units of today, then the three that were merged in 2022.
    pub(crate) units: Vec<Unit>,
    pub(crate) projects: Vec<Project>,
}

/// Units of today.
pub(crate) const UNITS: usize = 92;

/// What new projects of this amount need an ex-ante evaluation for.
const LARGE: Decimal = Decimal::from_parts(200, 0, 0, false, 0);

/// Large new projects of 2023: so many, of which so many come without their evaluation.
const NEW: (usize, usize) = (5, 2);

impl District {
    pub(crate) fn new(number: usize, seed: u64) -> Self {
        let region = district(number);
        let mut district = Self { units: units(&region), region, seed, projects: Vec::new() };
        let quotas = Quotas::of(&mut district.chance("quotas"));
        for unit in 0..district.units.len() {
            district.projects_of(unit, &quotas);
        }
        district.transfers(&quotas);
        district.bonds();
        for (year, source, total) in [
            (2021, Source::Own, 44_289),
            (2021, Source::Transfer, 8_381),
            (2022, Source::Own, 24_543),
            (2022, Source::Bond, 74_263),
            (2023, Source::Own, 63_614),
        ] {
            district.share_out(year, source, Decimal::from(total));
        }
        district.mark_new();
        district
    }

    pub(crate) fn chance(&self, what: &str) -> Chance {
        Chance::of(self.seed, &[&self.region, what])
    }

    /// The projects that a unit hands in of a year, by number.
    pub(crate) fn of_unit(&self, unit: usize, year: u16, source: Source) -> Vec<usize> {
        let is_its =
            |project: &Project| project.unit == unit && project.source == source && project.amounts.contains_key(&year);
        (0..).zip(&self.projects).filter(|(_, project)| is_its(project)).map(|(at, _)| at).collect()
    }

    /// The first project of a unit in 2023 that is of its own kind, or of a kind that every unit has.
    pub(crate) fn first_of_2023(&self, unit: usize, own: bool) -> Option<usize> {
        let is_own = |project: &usize| self.projects[*project].theme.of.is_empty() != own;
        self.of_unit(unit, 2023, Source::Own).into_iter().find(is_own)
    }

    /// The units of a department, its own first.
    pub(crate) fn units_of(&self, head: usize) -> Vec<usize> {
        let department = &self.units[head].name;
        (0..).zip(&self.units).filter(|(_, unit)| unit.department == *department).map(|(at, _)| at).collect()
    }

    /// Money of a department's projects of a year.
    pub(crate) fn project_money(&self, head: usize, year: u16) -> Decimal {
        let units = self.units_of(head);
        let its = self.projects.iter().filter(|p| p.source == Source::Own && units.contains(&p.unit));
        its.filter_map(|project| project.amounts.get(&year)).sum()
    }

    /// The units' own projects: those of a year are a stretch of what the unit ever does, so that many run on.
    fn projects_of(&mut self, unit: usize, quotas: &Quotas) {
        let themes = self.units[unit].themes.clone();
        let counts = [2021, 2022, 2023].map(|year| (year, quotas.of_year(year).get(unit).copied().unwrap_or_default()));
        let mut years: BTreeMap<usize, BTreeSet<u16>> = BTreeMap::new();
        let mut from = 0;
        for (year, count) in counts {
            for at in from..from + count {
                years.entry(at).or_default().insert(year);
            }
            // A third of the projects ends with the year.
            from += count.div_ceil(3);
        }
        for (at, years) in years {
            let theme = themes[at % themes.len()];
            let round = at / themes.len();
            let qualifier = QUALIFIERS[round % QUALIFIERS.len()];
            let phase = ["", "二期", "三期"].get(round / QUALIFIERS.len()).copied().unwrap_or("四期");
            let first = years.first().copied().unwrap_or(2021);
            let code = match (unit * 7 + at * 3) % 17 {
                // Not every project was entered into the system.
                0 => String::new(),
                _ => format!("369000{}T{:012}", first % 100, 1_000_000 + unit * 1_000 + at),
            };
            self.projects.push(Project {
                code,
                name: format!("{qualifier}{}{phase}", theme.stem),
                unit,
                theme,
                source: Source::Own,
                amounts: years.into_iter().map(|year| (year, Decimal::ZERO)).collect(),
                new_in: None,
                evaluated: false,
            });
        }
    }

    fn transfers(&mut self, quotas: &Quotas) {
        for (at, (unit, count)) in quotas.transfers.iter().enumerate() {
            let themes = self.units[*unit].themes.clone();
            for nth in 0..*count {
                let theme = themes[nth % themes.len()];
                let qualifier = ["中央财政", "省级"][nth / themes.len() % 2];
                self.projects.push(Project {
                    code: format!("36000021Z{:012}", 2_000_000 + at * 100 + nth),
                    name: format!("{qualifier}{}补助资金", theme.stem),
                    unit: *unit,
                    theme,
                    source: Source::Transfer,
                    amounts: BTreeMap::from([(2021, Decimal::ZERO)]),
                    new_in: None,
                    evaluated: false,
                });
            }
        }
    }

    fn bonds(&mut self) {
        let is_street = |unit: &&(usize, &Unit)| unit.1.kind == "街道";
        let units: Vec<(usize, &Unit)> = self.units.iter().enumerate().take(UNITS).collect();
        let streets: Vec<usize> = units.iter().filter(is_street).map(|(at, _)| *at).collect();
        let named = |end: &str| units.iter().find(|(_, unit)| unit.name.ends_with(end)).map(|(at, _)| *at);
        let others = [
            ("教育局", "公办幼儿园分园建设"),
            ("卫生健康局", "基层卫生服务综合能力提升"),
            ("工业和信息化局", "数字产业标准厂房建设"),
        ];
        let mut all: Vec<(usize, String)> =
            others.iter().filter_map(|(end, what)| Some((named(end)?, (*what).to_owned()))).collect();
        all.extend(streets.iter().take(10).map(|unit| (*unit, "城镇老旧小区连片改造".to_owned())));
        for (at, (unit, name)) in all.into_iter().enumerate() {
            self.projects.push(Project {
                code: format!("36900022Z{:012}", 3_000_000 + at),
                name,
                unit,
                theme: self.units[unit].themes[0],
                source: Source::Bond,
                amounts: BTreeMap::from([(2022, Decimal::ZERO)]),
                new_in: Some(2022),
                evaluated: true,
            });
        }
    }

    /// Gives the projects of a year amounts that make the total.
    fn share_out(&mut self, year: u16, source: Source, total: Decimal) {
        let mut chance = self.chance(&format!("amounts {year} {total}"));
        let places: Vec<&mut Decimal> = self
            .projects
            .iter_mut()
            .filter(|project| project.source == source)
            .filter_map(|project| project.amounts.get_mut(&year))
            .collect();
        let amounts = chance.amounts(total, places.len(), Decimal::from(3));
        for (place, amount) in places.into_iter().zip(amounts) {
            *place = amount;
        }
    }

    /// Calls the small ones new that begin, and a few large ones.
    fn mark_new(&mut self) {
        let mut large = 0;
        for project in self.projects.iter_mut().filter(|project| project.source == Source::Own) {
            let Some((year, amount)) = project.amounts.first_key_value().map(|(year, amount)| (*year, *amount)) else {
                continue;
            };
            let ever = project.amounts.values().max().copied().unwrap_or_default();
            let first_of_2023 = year == 2023 && amount >= LARGE && large < NEW.0;
            if first_of_2023 {
                large += 1;
                project.evaluated = large > NEW.1;
            }
            if year > 2021 && ever < LARGE || first_of_2023 {
                project.new_in = Some(year);
            }
        }
    }
}

/// How many projects each unit has.
struct Quotas {
    of_2021: Vec<usize>,
    of_2022: Vec<usize>,
    of_2023: Vec<usize>,
    /// Unit and count.
    transfers: Vec<(usize, usize)>,
}

impl Quotas {
    fn of(chance: &mut Chance) -> Self {
        let weights: Vec<usize> = (0..UNITS).map(|_| [1, 2, 2, 3, 5, 8][chance.pick(6)]).collect();
        let mut of_2021 = vec![0; UNITS + MERGED.len()];
        // 87 units of 2021: the merged ones, and all of today's but eight.
        let without: Vec<usize> = (0..8).map(|at| 5 + at * 11).collect();
        let with: Vec<usize> = (0..of_2021.len()).filter(|unit| !without.contains(unit)).collect();
        let own: Vec<usize> = with.iter().map(|unit| weights.get(*unit).copied().unwrap_or(1)).collect();
        for (unit, count) in with.iter().zip(chance.counts(259, &own, 1)) {
            of_2021[*unit] = count;
        }
        let of_2022 = chance.counts(318, &weights, 1);
        let of_2023 = chance.counts(546, &weights, 2);
        let receivers: Vec<usize> = (0..16).map(|at| 16 + at * 4).collect();
        let transfers = receivers.into_iter().zip(chance.counts(34, &[1; 16], 1)).collect();
        Self { of_2021, of_2022, of_2023, transfers }
    }

    fn of_year(&self, year: u16) -> &[usize] {
        match year {
            2021 => &self.of_2021,
            2022 => &self.of_2022,
            _ => &self.of_2023,
        }
    }
}

fn units(region: &str) -> Vec<Unit> {
    let mut units = Vec::with_capacity(UNITS + MERGED.len());
    let named = |of: &str| THEMES.iter().filter(|theme| theme.of == of).collect::<Vec<_>>();
    let common = named("");
    for (at, (head, subordinates)) in DEPARTMENTS.iter().enumerate() {
        let department = format!("{region}{head}");
        for (nth, short) in std::iter::once(head).chain(*subordinates).enumerate() {
            let own = named(head);
            // The units of a department do its kinds of work in another order.
            let mut themes: Vec<_> = own.iter().cycle().skip(nth).take(own.len()).copied().collect();
            themes.extend(&common);
            units.push(Unit {
                name: format!("{region}{short}"),
                code: format!("{}{:03}", 201 + at, nth + 1),
                department: department.clone(),
                aliases: aliases(region, short),
                kind: "区直",
                merged_into: None,
                themes,
            });
        }
    }
    for (at, street) in STREETS.iter().enumerate() {
        let own = named("街道");
        let mut themes: Vec<_> = own.iter().cycle().skip(at).take(own.len()).copied().collect();
        themes.extend(&common);
        let name = format!("{region}{street}街道办事处");
        units.push(Unit {
            department: name.clone(),
            name,
            code: format!("{}001", 301 + at),
            aliases: vec![format!("{street}街道办"), format!("{street}街道")],
            kind: "街道",
            merged_into: None,
            themes,
        });
    }
    for (at, (short, into)) in MERGED.iter().enumerate() {
        let name = format!("{region}{short}");
        units.push(Unit {
            department: name.clone(),
            name,
            code: format!("{}001", 291 + at),
            aliases: aliases(region, short),
            kind: "区直",
            merged_into: Some(format!("{region}{into}")),
            // What a department did as a whole is no other's; its projects are the common ones.
            themes: common.iter().cycle().skip(at).take(common.len()).copied().collect(),
        });
    }
    units
}

fn aliases(region: &str, short: &str) -> Vec<String> {
    let known =
        |list: &[(&str, &str)]| list.iter().find(|(name, _)| *name == short).map(|(_, other)| (*other).to_owned());
    let mut aliases = vec![format!("区{}", known(&SHORT).unwrap_or_else(|| short.trim_start_matches('区').to_owned()))];
    aliases.extend(known(&FORMER).map(|former| format!("{region}{former}")));
    aliases
}
