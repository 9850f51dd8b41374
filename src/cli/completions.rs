//! `unspin completions` and `unspin man`: what shells and `man` want to know of the command line.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Outcome};

/// Writes what a shell needs to complete unspin's commands and flags
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin completions bash > ~/.local/share/bash-completion/completions/unspin
  unspin completions zsh > ~/.zfunc/_unspin      with `fpath+=~/.zfunc` before compinit in ~/.zshrc
  unspin completions fish > ~/.config/fish/completions/unspin.fish")]
pub struct Completions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Writes manual pages
#[derive(Args)]
#[command(after_help = "\
Examples:
  unspin man | man -l -
  unspin man -o ~/.local/share/man/man1")]
pub struct Man {
    /// Writes a page for each verb into this folder; unspin's own to standard output where nothing is said
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Completions {
    pub fn run(self) -> Result<Outcome> {
        let mut written = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "unspin", &mut written);
        io::stdout().write_all(&written)?;
        Ok(Outcome::Clean)
    }
}

/// The command and its verbs without `help`: each of its topics would be a page of its own.
fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

impl Man {
    pub fn run(self) -> Result<Outcome> {
        // The pages of the verbs are named after the whole command.
        let mut command = without_help(Cli::command());
        command.build();
        match self.output {
            Some(folder) => {
                std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
                clap_mangen::generate_to(command, &folder).with_context(|| folder.display().to_string())?;
            }
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(command).render(&mut page)?;
                io::stdout().write_all(&page)?;
            }
        }
        Ok(Outcome::Clean)
    }
}
