import ArgumentParser
import Engine
import Model
import Operations
import Store

/// What changes of named schedules take.
struct ScheduleNames: ParsableArguments {
    @Argument(help: ArgumentHelp("Their names.", valueName: "name"))
    var names: [String]

    @Option(help: ArgumentHelp("Why; stands in the audit.", valueName: "text"))
    var reason = ""
}

/// Makes a schedule.
struct ScheduleAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a schedule.",
        discussion: """
              signalbox schedule add nightly snapshot.policy --param vms='db-*' --param keep=7 \
            --cron "30 2 * * *" --zone Europe/Berlin
              signalbox schedule add sync inventory.sync --every 15m --overlap skip
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its name.", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("What its jobs do: inventory.sync …", valueName: "kind"))
    var kind: String

    @Argument(help: ArgumentHelp("What they act on.", valueName: "target"))
    var target: String?

    @OptionGroup
    var options: ScheduleOptions

    @Flag(name: .customLong("disabled"), help: "Do not switch it on yet.")
    var isDisabled = false

    @Option(help: ArgumentHelp("Why; stands in the audit.", valueName: "text"))
    var reason = ""

    func run() throws {
        let site = try global.site()
        let now = WallClock().now()
        guard let rule = try options.rule(now: now) else {
            throw Complaint(.usage, "say when: --cron \"30 2 * * *\" or --every 15m")
        }
        var schedule = Schedule(name: name, kind: kind, user: site.user, rule: rule)
        schedule.isEnabled = !isDisabled
        schedule.account = site.configuration.account ?? ""
        try options.apply(to: &schedule, now: now)
        try ScheduleCheck(site).check(&schedule, target ?? "")
        let made = schedule
        try ScheduleChange(global, reason).run([name]) { desk, _ in try desk.add(made) }
    }
}

/// Changes a schedule.
struct ScheduleEdit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change parts of a schedule; what is not named stays.",
        discussion: """
            If its times change, instants that passed without an engine are forgotten, and the \
            next one is worked out anew.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its name.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("What its jobs act on.", valueName: "target"))
    var target: String?

    @OptionGroup
    var options: ScheduleOptions

    @Option(help: ArgumentHelp("Why; stands in the audit.", valueName: "text"))
    var reason = ""

    func run() throws {
        guard !options.isEmpty || target != nil else {
            throw Complaint(.usage, "say what to change; signalbox schedule edit --help lists it")
        }
        let site = try global.site()
        let store = try site.openStoreForReading()
        let now = WallClock(on: store).now()
        let old = try store.schedule(name).schedule
        var new = old
        try options.apply(to: &new, now: now)
        try ScheduleCheck(site).check(&new, target ?? old.target.description)
        let made = new
        try ScheduleChange(global, reason).run([name]) { desk, name in
            try desk.edit(name) { present in
                // Whether it is on is not this command's business, and may have changed meanwhile.
                let isEnabled = present.isEnabled
                present = made
                present.isEnabled = isEnabled
            }
        }
    }
}

/// Switches schedules on.
struct ScheduleEnable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Switch schedules on; instants before now are not made up for."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ScheduleNames

    func run() throws {
        try ScheduleChange(global, options.reason).run(options.names) { desk, name in
            try desk.setEnabled(name, true)
        }
    }
}

/// Switches schedules off.
struct ScheduleDisable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Switch schedules off; jobs at work go on, runs that wait are left out."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ScheduleNames

    func run() throws {
        try ScheduleChange(global, options.reason).run(options.names) { desk, name in
            try desk.setEnabled(name, false)
        }
    }
}

/// Makes a job of a schedule now.
struct ScheduleRunNow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Make a job of each of these schedules now; prints the jobs' numbers.",
        discussion: """
            The job is made whether the schedule is on or off and whatever else of it runs. It \
            counts among the schedule's runs, so that a due instant finds it there.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ScheduleNames

    func run() throws {
        var system = SystemRandomNumberGenerator()
        var chance = SeededChance(seed: system.next())
        try ScheduleChange(global, options.reason).run(options.names) { desk, name in
            try desk.run(name, chance: &chance)
        }
    }
}

/// Removes schedules.
struct ScheduleRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove schedules with their history; jobs they made stay and go on."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ScheduleNames

    func run() throws {
        try ScheduleChange(global, options.reason).run(options.names) { desk, name in
            try desk.remove(name)
        }
    }
}
