import Model

/// One command of the command line.
struct CommandEntry: Sendable {
    /// What a command does, once its words are known.
    enum Meaning: Sendable {
        case view(ViewName)
        case filter, clear, trouble, sort, invert, tree, theme, set, job, submit, actions, help
        case redraw, quit, priority, showInternal
        case act(OperatorAction)
    }

    let name: String
    let arguments: String
    let help: String
    let meaning: Meaning

    init(_ name: String, _ arguments: String, _ help: String, _ meaning: Meaning) {
        self.name = name
        self.arguments = arguments
        self.help = help
        self.meaning = meaning
    }
}

/// Every command: from it come the command line itself, its completion and its help.
enum CommandTable {
    static let all: [CommandEntry] = [
        CommandEntry("jobs", "the jobs", .view(.jobs)),
        CommandEntry("vms", "the VMs", .view(.vms)),
        CommandEntry("hosts", "the hosts and their lanes", .view(.hosts)),
        CommandEntry("locks", "the locks", .view(.locks)),
        CommandEntry("job", "N", "open a job's details", .job),
        CommandEntry("filter", "[TEXT]", "filter the view; nothing shows everything", .filter),
        CommandEntry("clear", "", "take all filters away", .clear),
        CommandEntry("trouble", "", "only failed and stuck jobs", .trouble),
        CommandEntry("sort", "ORDER", "sort the jobs", .sort),
        CommandEntry("invert", "", "turn the order round", .invert),
        CommandEntry("tree", "", "trees of jobs, or a flat list", .tree),
        CommandEntry("submit", "KIND [TARGET] [NAME=VALUE]…", "submit a job", .submit),
        CommandEntry("cancel", "[JOB]", "cancel a job, after a question", .act(.stop(.cancel))),
        CommandEntry("abort", "[JOB]", "abort a job, after a question", .act(.stop(.abort))),
        CommandEntry("abandon", "[JOB]", "abandon a job, after a question", .act(.stop(.abandon))),
        CommandEntry("retry", "[JOB]", "try a job again, after a question", .act(.retry)),
        CommandEntry("ack", "[JOB]", "acknowledge a job's trouble", .act(.acknowledge)),
        CommandEntry("approve", "[JOB]", "agree to a job of somebody else", .act(.approve)),
        CommandEntry("reject", "[JOB]", "do not agree, with a reason", .act(.reject)),
        CommandEntry("pin", "[JOB]", "keep a job longer than retention would", .act(.pin)),
        CommandEntry("unpin", "[JOB]", "leave it to retention again", .act(.unpin)),
        CommandEntry("priority", "NUMBER [JOB]", "make a job more or less urgent", .priority),
        CommandEntry("internal", "", "show jobs that keep house, or leave them out", .showInternal),
        CommandEntry("actions", "", "menu of all actions", .actions),
        CommandEntry("theme", "NAME", "change the colours", .theme),
        CommandEntry(
            "set",
            "[no]ascii | [no]color | [no]wrap",
            "change how things are drawn",
            .set
        ),
        CommandEntry("help", "", "every key and command", .help),
        CommandEntry("redraw", "", "draw everything anew", .redraw),
        CommandEntry("quit", "", "leave", .quit),
    ]

    /// The command of a word: its name, or a beginning that only one name has.
    static func entry(_ word: String) -> CommandEntry? {
        if let exact = all.first(where: { $0.name == word }) { return exact }
        let starts = all.filter { $0.name.hasPrefix(word) }
        return starts.count == 1 ? starts.first : word == "q" ? entry("quit") : nil
    }
}

extension CommandEntry {
    init(_ name: String, _ help: String, _ meaning: Meaning) {
        self.init(name, "", help, meaning)
    }
}
