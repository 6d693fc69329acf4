//! The log of repairs, read for what each of them does: an edit in one line, a join of two, a move of many.

use std::collections::HashMap;

use model::{Repair, Rule, is_blank};

use crate::Findings;
use crate::lines::{self, Lines, Search};

pub struct Log<'o> {
    /// Edits and moves, in the order in which they were made.
    pub steps: Vec<Step<'o>>,
    joints: HashMap<(usize, usize), Joint>,
    moved: HashMap<(Rule, usize), Moved>,
}

pub enum Step<'o> {
    Edit(Edit<'o>),
    Move(Move<'o>),
}

/// What stood in a line, at a character, and what stands there now.
pub struct Edit<'o> {
    pub line: usize,
    pub offset: usize,
    pub repair: &'o Repair,
}

/// The lines whose parts were put into another order.
pub struct Move<'o> {
    pub lines: Vec<usize>,
    pub repair: &'o Repair,
}

impl Move<'_> {
    /// The line that a finding names.
    pub fn first(&self) -> usize {
        self.lines.first().copied().unwrap_or(0)
    }
}

/// What joins let stand between the last character of one line and the first of another.
#[derive(Clone, Copy, Default)]
pub struct Joint {
    pub nothing: bool,
    pub space: bool,
    pub line_break: bool,
}

impl Joint {
    pub const NOTHING: Joint = Joint {
        nothing: true,
        space: false,
        line_break: false,
    };
    const SPACE: Joint = Joint {
        nothing: false,
        space: true,
        line_break: false,
    };
    /// Between lines of a cell that no repair joins.
    pub const LINE_BREAK: Joint = Joint {
        nothing: false,
        space: false,
        line_break: true,
    };
}

/// A line in a move: which move, and which of its lines.
#[derive(Clone, Copy)]
struct Moved {
    number: usize,
    position: usize,
    is_last: bool,
}

/// Reads the log. A repair whose lines are not there, or whose form is none, is a finding and does nothing.
pub fn read<'o>(repairs: &'o [Repair], lines: &Lines, findings: &mut Findings) -> Log<'o> {
    let mut log = Log {
        steps: Vec::new(),
        joints: HashMap::new(),
        moved: HashMap::new(),
    };
    let mut search = lines.search();
    for (number, repair) in repairs.iter().enumerate() {
        let name = repair.at.first().map_or("?", String::as_str);
        if !lines::is_share(repair.confidence) {
            findings.add(name, "the confidence of a repair is not between 0 and 1");
        }
        let Some(at) = known(repair, &mut search, findings) else {
            continue;
        };
        if let Err(what) = log.enter(number, repair, at) {
            findings.add(name, what);
        }
    }
    log
}

/// The lines that a repair names, if all of them were extracted.
fn known(repair: &Repair, search: &mut Search, findings: &mut Findings) -> Option<Vec<usize>> {
    let mut at = Vec::with_capacity(repair.at.len());
    for id in &repair.at {
        match search.find(id) {
            Some(line) => at.push(line),
            None => findings.add(id, "a repair names this line, which was not extracted"),
        }
    }
    (at.len() == repair.at.len()).then_some(at)
}

impl<'o> Log<'o> {
    fn enter(
        &mut self,
        number: usize,
        repair: &'o Repair,
        at: Vec<usize>,
    ) -> Result<(), &'static str> {
        match (repair.offset, repair.rule, at.as_slice()) {
            (Some(offset), _, &[line]) => self.steps.push(Step::Edit(Edit {
                line,
                offset,
                repair,
            })),
            (Some(_), ..) => return Err("an edit is not about one line"),
            (None, Rule::UnweaveColumns | Rule::UnweaveList, _) => {
                if repair.applied {
                    self.put_in_order(number, repair.rule, &at)?;
                    self.steps.push(Step::Move(Move { lines: at, repair }));
                }
            }
            (None, _, &[from, to]) => {
                let joint = joint(repair)?;
                if repair.applied {
                    let joints = self.joints.entry((from, to)).or_default();
                    joints.nothing |= joint.nothing;
                    joints.space |= joint.space;
                }
            }
            (None, ..) => return Err("a join is not about two lines"),
        }
        Ok(())
    }

    fn put_in_order(
        &mut self,
        number: usize,
        rule: Rule,
        at: &[usize],
    ) -> Result<(), &'static str> {
        if at.len() < 2 {
            return Err("a move is not about lines");
        }
        for (position, &line) in at.iter().enumerate() {
            let moved = Moved {
                number,
                position,
                is_last: position + 1 == at.len(),
            };
            if self.moved.insert((rule, line), moved).is_some() {
                return Err("two moves put this line in order");
            }
        }
        Ok(())
    }

    /// What may stand between two lines that follow each other in a text; `None` if no repair lets them.
    pub fn between(&self, from: usize, to: usize) -> Option<Joint> {
        let moved = || self.follows(from, to).then_some(Joint::NOTHING);
        self.joints.get(&(from, to)).copied().or_else(moved)
    }

    /// Whether a move puts one line after another: the next line of a column, the first line of the next column, or
    /// any line of a list of attachments.
    fn follows(&self, from: usize, to: usize) -> bool {
        let both = |rule| Some((self.moved.get(&(rule, from))?, self.moved.get(&(rule, to))?));
        let in_column = both(Rule::UnweaveColumns).is_some_and(|(a, b)| {
            let next = b.position == a.position + 1 || a.is_last && b.position == 0;
            a.number == b.number && next
        });
        in_column || both(Rule::UnweaveList).is_some_and(|(a, b)| a.number == b.number)
    }
}

/// A join takes a line break away, and can put a space in its place. It has no ink.
fn joint(repair: &Repair) -> Result<Joint, &'static str> {
    if !repair.before.chars().all(is_blank) {
        return Err("a join takes away characters");
    }
    match repair.after.as_str() {
        "" => Ok(Joint::NOTHING),
        " " => Ok(Joint::SPACE),
        _ => Err("a join puts in characters"),
    }
}
