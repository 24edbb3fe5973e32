//! A procedure as a text: a page, a Mermaid chart, a diagram for a terminal. Pure, but for the operation.

use athena_learn::procedures::{From, ProcedureStep};
use athena_schemas::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::known::{Known, Procedures};
use super::{example_id, set_up};
use crate::registry::{Call, Effect, Example, Operation};

/// Characters of a step in a diagram.
const WIDE: usize = 72;

/// A procedure as a text to read or to draw.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Id or name.
    procedure: String,
    /// `markdown` when not said.
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Markdown,
    Mermaid,
    /// Boxes and arrows for a terminal.
    Diagram,
}

/// The text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exported {
    procedure: String,
    format: Format,
    text: String,
    project: String,
}

impl Operation for Export {
    const TOOL: &'static str = "procedures";
    const NAME: &'static str = "export";
    const EFFECT: Effect = Effect::Read;
    type Result = Exported;

    async fn call(self, call: &Call) -> Result<Exported, Error> {
        let procedures = Procedures::read(call).await?;
        let known = procedures.find("procedure", &self.procedure)?;
        let text = match self.format {
            Format::Markdown => markdown(known),
            Format::Mermaid => mermaid(known),
            Format::Diagram => diagram(known),
        };
        let procedure = known.id().to_owned();
        Ok(Exported { procedure, format: self.format, text, project: procedures.project })
    }

    fn examples() -> Vec<Example> {
        let export = |format: &str| json!({"procedure": example_id(), "format": format});
        let example = |format| Example { setup: vec![set_up()], arguments: export(format) };
        ["markdown", "mermaid", "diagram"].map(example).into()
    }
}

/// A page: what it is, its steps with where their values come from, what it needs, how well it works.
pub fn markdown(known: &Known) -> String {
    let procedure = &known.procedure;
    let mut lines = vec![format!("# {}", procedure.name), String::new()];
    if let Some(retired) = &known.retired {
        lines.extend([format!("> Retired: {}", retired.why), String::new()]);
    }
    lines.push(success(known));
    lines.extend([String::new(), "## Steps".into(), String::new()]);
    for (at, step) in procedure.steps.iter().enumerate() {
        lines.push(format!("{}. {}", at + 1, code(&said(step))));
        lines.extend(notes(step).into_iter().map(|note| format!("   - {note}")));
    }
    for repeat in &procedure.repeats {
        let (from, to) = (repeat.from + 1, repeat.to + 1);
        lines.extend([
            String::new(),
            format!(
                "Steps {from} to {to} are repeated: {} times in the median, {} at most.",
                repeat.times, repeat.most
            ),
        ]);
    }
    let needs: Vec<_> = procedure.preconditions.iter().map(|need| format!("- {}", need.text)).collect();
    if !needs.is_empty() {
        lines.extend([String::new(), "## Needs".into(), String::new()]);
        lines.extend(needs);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A flow chart in Mermaid's language.
fn mermaid(known: &Known) -> String {
    let steps = &known.procedure.steps;
    let mut lines = vec!["flowchart TD".to_owned()];
    for (at, step) in steps.iter().enumerate() {
        lines.push(format!("  s{at}[\"{}. {}\"]", at + 1, escaped(&said(step))));
    }
    for at in 1..steps.len() {
        lines.push(format!("  s{} --> s{at}", at - 1));
    }
    for repeat in &known.procedure.repeats {
        lines.push(format!("  s{} -. \"{} times\" .-> s{}", repeat.to, repeat.times, repeat.from));
    }
    for (at, step) in steps.iter().enumerate() {
        for parameter in &step.parameters {
            if let Some(source) = &parameter.source {
                lines.push(format!("  s{} -. \"{}\" .-> s{at}", source.step, escaped(&parameter.name)));
            }
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Boxes below each other, with what fails, repeats and flows beside them.
fn diagram(known: &Known) -> String {
    let procedure = &known.procedure;
    let told = |step: &ProcedureStep| crate::text::excerpt(&said(step), "", WIDE).replace('\n', " ");
    let texts: Vec<String> = procedure.steps.iter().map(told).collect();
    let wide = texts.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let mut lines = vec![procedure.name.clone(), success(known), String::new()];
    for (at, (text, step)) in texts.iter().zip(&procedure.steps).enumerate() {
        let pad = " ".repeat(wide - text.chars().count());
        if at > 0 {
            lines.push(format!("      {}▼", " ".repeat(wide / 2)));
        }
        lines.push(format!("    ┌─{}─┐", "─".repeat(wide)));
        let beside = notes(step).join("; ");
        let line = format!("{:>3} │ {text}{pad} │  {beside}", at + 1);
        lines.push(line.trim_end().to_owned());
        lines.push(format!("    └─{}─┘", "─".repeat(wide)));
        for repeat in procedure.repeats.iter().filter(|repeat| repeat.to == at) {
            lines.push(format!("    ↺ from step {}, {} times", repeat.from + 1, repeat.times));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn said(step: &ProcedureStep) -> String {
    match step.tool.is_empty() || step.template.starts_with(&step.tool) {
        true => step.template.clone(),
        false => format!("{}: {}", step.tool, step.template),
    }
}

/// What runs tell of a step, in a few words each.
fn notes(step: &ProcedureStep) -> Vec<String> {
    let mut notes = vec![];
    for parameter in &step.parameters {
        match &parameter.source {
            Some(source) => {
                let what = match (source.from, &source.field) {
                    (From::Output, Some(field)) => format!("{field} of the output"),
                    (From::Output, None) => "the output".to_owned(),
                    (From::Parameter, field) => field.clone().unwrap_or_default(),
                };
                notes.push(format!("{}: {what} of step {}", parameter.name, source.step + 1));
            }
            None if !parameter.examples.is_empty() => {
                notes.push(format!("{}: such as {}", parameter.name, parameter.examples.join(", ")));
            }
            None => {}
        }
    }
    if step.of > 0 && step.done < 1.0 {
        notes.push(format!("done in {:.0} % of the runs", 100.0 * step.done));
    }
    if step.failures > 0 {
        notes.push(format!("{} of {} failed here", step.failures, step.of));
    }
    notes
}

/// How well it works, in a line.
fn success(known: &Known) -> String {
    let procedure = &known.procedure;
    let rate = match procedure.success {
        Some(rate) => format!(
            "{} of {} succeeded ({:.0} %, 95 % interval {:.0} to {:.0} %)",
            rate.successes,
            rate.of,
            100.0 * rate.value,
            100.0 * rate.low,
            100.0 * rate.high
        ),
        None => "success is not known".to_owned(),
    };
    match procedure.support {
        0 => format!("Told; {rate}."),
        support => format!("Done {support} times in {} sessions; {rate}.", procedure.sessions),
    }
}

fn code(text: &str) -> String {
    let ticks = if text.contains('`') { "``" } else { "`" };
    format!("{ticks}{}{ticks}", text.replace('\n', " "))
}

/// Without what ends a text in Mermaid.
fn escaped(text: &str) -> String {
    text.replace('"', "#quot;").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use athena_learn::procedures::{Procedure, Rate, Repeat};

    use super::*;

    fn known() -> Known {
        let step = |template: &str, failures| ProcedureStep {
            action: template.into(),
            tool: "Bash".into(),
            template: template.into(),
            parameters: vec![],
            done: 1.0,
            times: 2,
            failures,
            of: 8,
        };
        Known {
            version: 1,
            learned: true,
            told: false,
            retired: None,
            from: None,
            procedure: Procedure {
                id: "pr-1".into(),
                name: "edit → test".into(),
                category: "test".into(),
                steps: vec![step("edit", 0), step("say \"x\"", 3)],
                repeats: vec![Repeat { from: 0, to: 1, times: 2, most: 5 }],
                support: 8,
                sessions: 7,
                success: Rate::of(5, 8),
                median_duration_ms: None,
                preconditions: vec![],
                variants: vec![],
                examples: vec![],
                score: 1.0,
                by_chance: 0.0,
                runs: vec![],
            },
        }
    }

    #[test]
    fn steps_fails_and_loops_are_drawn() {
        let page = markdown(&known());
        assert!(
            page.starts_with("# edit → test\n\nDone 8 times in 7 sessions; 5 of 8 succeeded (62 %"),
            "{page}"
        );
        assert!(page.contains("2. `Bash: say \"x\"`\n   - 3 of 8 failed here\n"), "{page}");
        let chart = mermaid(&known());
        assert!(
            chart.contains("s1[\"2. Bash: say #quot;x#quot;\"]\n  s0 --> s1\n  s1 -. \"2 times\" .-> s0"),
            "{chart}"
        );
        let boxes = diagram(&known());
        let widths: Vec<usize> = boxes
            .lines()
            .filter(|line| line.trim_start().starts_with(['┌', '└']))
            .map(|line| line.chars().count())
            .collect();
        assert!(widths.len() == 4 && widths.iter().all(|wide| *wide == widths[0]), "{boxes}");
        assert!(boxes.contains("3 of 8 failed here") && boxes.contains("↺ from step 1, 2 times"), "{boxes}");
    }
}
