import ArgumentParser
import Foundation
import Model
import Store

/// Schedules: jobs that are made again and again.
struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Schedules: jobs that are made again and again by themselves.",
        discussion: """
            A schedule is a cron rule in a time zone, or an interval. It lives in the store: it \
            can be changed with no engine alive, and whichever engine comes makes each job exactly \
            once.
            """,
        subcommands: [
            ScheduleList.self, ScheduleShow.self, SchedulePreview.self, ScheduleAdd.self,
            ScheduleEdit.self, ScheduleEnable.self, ScheduleDisable.self, ScheduleRunNow.self,
            ScheduleRemove.self,
        ],
        defaultSubcommand: ScheduleList.self
    )
}

/// Lists the schedules.
struct ScheduleList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the schedules: when each is due next, and what its last run came to."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let store = try global.site().openStoreForReading()
        let schedules = try store.read { try $0.schedules() }
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(schedules.map(ScheduleJSON.object)))
        }
        guard !schedules.isEmpty else {
            return StandardError.say("there are no schedules; signalbox schedule add makes one")
        }
        let printer = SchedulePrinter(paper: try global.paper(), now: WallClock(on: store).now())
        printer.list(schedules)
    }
}

/// Shows one schedule.
struct ScheduleShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a schedule, its next instants and its newest runs."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its name.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("How many runs, at most.", valueName: "number"))
    var runs = 10

    func run() throws {
        let store = try global.site().openStoreForReading()
        let now = WallClock(on: store).now()
        let stored = try store.schedule(name)
        let runs = try store.read { reader in
            try reader.runs(ofSchedule: stored.state.number, limit: self.runs)
        }
        // A schedule that is due or switched off shows what it would do from now on.
        let next = stored.schedule.preview(5, after: now, in: try NamedZone(stored.schedule.zone))
        guard !global.isJSON else {
            let object = ScheduleJSON.detail(stored, runs: runs, next: next)
            return StandardOutput.line(object.pretty)
        }
        SchedulePrinter(paper: try global.paper(), now: now).show(stored, runs: runs, next: next)
    }
}

/// Shows coming instants.
struct SchedulePreview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show the next instants of a schedule, or of a rule that is no schedule yet.",
        discussion: """
            Times that a change of the clock leaves out, moves or repeats are marked.

              signalbox schedule preview nightly
              signalbox schedule preview --cron "30 2 * * *" --zone Europe/Berlin \
            --after 2026-03-28T00:00:00Z
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its name.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("How many instants, 1 to 1000.", valueName: "number"))
    var count = 10

    @Option(help: ArgumentHelp("From when on; now if left out.", valueName: "time"))
    var after: String?

    @OptionGroup(title: "Another rule")
    var options: ScheduleOptions

    func run() throws {
        guard (1...1000).contains(count) else {
            throw Complaint(.usage, "--count is 1 to 1000, not \(count)")
        }
        var now = WallClock().now()
        var schedule: Schedule
        if let name {
            let store = try global.site().openStoreForReading()
            now = WallClock(on: store).now()
            schedule = try store.schedule(name).schedule
        } else {
            guard let rule = try options.rule(now: now) else {
                throw Complaint(.usage, "name a schedule, or give a rule with --cron or --every")
            }
            schedule = Schedule(name: "preview", kind: "", user: "", rule: rule)
        }
        try options.apply(to: &schedule, now: now)
        let start = try after.map { try Moment.read($0, now: now) } ?? now
        let next = schedule.preview(count, after: start, in: try NamedZone(schedule.zone))
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(next.map(ScheduleJSON.object)))
        }
        guard !next.isEmpty else { return StandardError.say("it is never due after \(start)") }
        SchedulePrinter(paper: try global.paper(), now: now).preview(next)
    }
}

extension SQLiteStore {
    /// The schedule of that name.
    ///
    /// - Throws: a complaint that names those that are there.
    func schedule(_ name: String) throws -> StoredSchedule {
        let (found, names) = try read { reader in
            (try reader.schedule(named: name), try reader.schedules().map(\.schedule.name))
        }
        if let found { return found }
        let known = names.prefix(8).joined(separator: ", ")
        throw Complaint(
            .notFound,
            "there is no schedule “\(name)”; "
                + (names.isEmpty ? "there are none" : "there are \(known)")
        )
    }
}
