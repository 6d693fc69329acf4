//! `gongbao explain`: why a line was taken for what it is, and what the rules are.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{ALL_FAILED, ConfigFile, Ended, Failure, Ocr, print, read_output};
use crate::config::Config;
use crate::explain;
use extract::ReadOptions;
use model::Output;

#[derive(clap::Args)]
pub struct Arguments {
    /// The input; with --rules, outputs whose repairs are counted
    inputs: Vec<PathBuf>,
    /// All facts of all lines, and which rule joined each to the one before or what kept it apart
    #[arg(long, conflicts_with = "rules", required_unless_present_any = ["rules", "roles", "breaks", "page"])]
    lines: bool,
    /// The facts by which the role of each passage is decided
    #[arg(long, conflicts_with_all = ["rules", "lines"])]
    roles: bool,
    /// The facts by which it is decided whether a passage goes on in the next line
    #[arg(long, conflicts_with_all = ["rules", "lines", "roles"])]
    breaks: bool,
    /// Every rule with its confidences, owner and statement
    #[arg(long)]
    rules: bool,
    /// What each passage of this page was taken for, and why; with --lines, only the lines of this page
    #[arg(long, value_name = "N")]
    page: Option<u32>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Tsv,
}

pub fn explain(arguments: &Arguments) -> Ended {
    if arguments.rules {
        let outputs = arguments.inputs.iter().map(|path| read_output(path));
        return print(&explain::rules(
            &outputs.collect::<Result<Vec<Output>, _>>()?,
        ));
    }
    print(&lines(arguments, &arguments.config.load()?)?)
}

fn lines(arguments: &Arguments, config: &Config) -> Result<String, Failure> {
    let format = match arguments.format {
        Format::Text => explain::Format::Text,
        Format::Tsv => explain::Format::Tsv,
    };
    let reader = Ocr::Auto.reader(config, rayon::current_num_threads());
    let options = ReadOptions {
        ocr: Some(&reader),
        ..ReadOptions::default()
    };
    let mut table = String::new();
    for input in &arguments.inputs {
        let extracted = extract::lines(input, &config.extract.page_marker, &options)
            .map_err(|e| Failure(ALL_FAILED, format!("{}: {e}", input.display())))?;
        if let Some(page) = arguments.page.filter(|_| !arguments.lines) {
            table.push_str(&explain::page(&extracted, config, page));
            continue;
        }
        if arguments.breaks {
            table.push_str(&explain::breaks(&extracted, config));
            continue;
        }
        if arguments.roles {
            table.push_str(&explain::roles(&extracted, config));
            continue;
        }
        table.push_str(&explain::lines(&extracted, config, arguments.page, format));
    }
    Ok(table)
}
