import ArgumentParser
import Engine
import Foundation
import Model
import Operations
import Store

/// The lanes.
struct LaneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lane",
        abstract: "Lanes: their slots, what is taken, what waits; pause and resume them.",
        discussion: """
            Work takes its slots from the lane of the host it acts on, host/kvm-a01, and work on \
            no host from the lane control. Limits count across lanes: snapshot@host/kvm-a01.
            """,
        subcommands: [
            LaneList.self, LanePause.self, LaneResume.self, LaneSlots.self, LaneLimits.self,
        ],
        defaultSubcommand: LaneList.self
    )
}

/// Lists the lanes.
struct LaneList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the lanes, used or not."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Only this lane.", valueName: "name"))
    var name: String?

    func run() throws {
        let lines = try Lists(global).lanes().filter { name == nil || $0.name == name }
        if let name, lines.isEmpty { throw Complaint(.notFound, "there is no lane “\(name)”") }
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(lines.map(RecordJSON.object)))
        }
        var table = Table([
            .init("LANE"), .init("SLOTS", isRight: true), .init("USED", isRight: true),
            .init("QUEUED", isRight: true), .init("STATE"), .init("WHY"),
        ])
        for line in lines {
            table.add([
                .init(line.name), .init("\(line.slots)"), .init("\(line.used)"),
                .init("\(line.queued)"), .init(Self.state(line), .attention),
                .init(Self.why(line)),
            ])
        }
        table.print(on: try global.paper())
    }

    private static func state(_ line: LaneLine) -> String {
        if let pause = line.pause { return pause.drains ? "draining" : "paused" }
        return line.closedUntil == nil ? "-" : "closed"
    }

    private static func why(_ line: LaneLine) -> String {
        let closure = line.closedUntil.map { "until \($0): \(line.reason)" }
        let slots = line.slotsBy.map { "slots set by \($0)" }
        let full = line.limits.filter { $0.used >= $0.most }.map { "full: " + $0.text }
        return ([line.pause?.text, closure, slots].compactMap { $0 } + full)
            .joined(separator: "; ")
    }
}

/// Has a lane begin nothing.
struct LanePause: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Have a lane begin nothing until it is resumed.",
        discussion: """
            What is at work goes on to its end; undo and end actions begin all the same. With \
            --drain jobs that have begun go on step by step, and only new ones are held.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("The lane: host/kvm-a01.", valueName: "name"))
    var name: String

    @OptionGroup
    var options: PauseOptions

    @Flag(name: .customLong("drain"), help: "Let jobs that have begun go on.")
    var drains = false

    func run() throws {
        let until = try options.moment()
        try SubjectRun(global).run(
            .pause(until: until, drains: drains),
            on: .lane(name),
            reason: options.reason
        )
    }
}

/// Has a paused lane go on.
struct LaneResume: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Have a paused lane go on."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("The lane: host/kvm-a01.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("Why; stands in the audit.", valueName: "text"))
    var reason = ""

    func run() throws { try SubjectRun(global).run(.resume, on: .lane(name), reason: reason) }
}

/// Changes how many slots a lane has.
struct LaneSlots: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slots",
        abstract: "Give a lane another number of slots, at once and for good.",
        discussion: """
            It counts before the configuration until “default” takes it back. What is at work is \
            never stopped by it.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("The lane: host/kvm-a01.", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("1 to 10000, or default.", valueName: "number"))
    var number: String

    @Option(help: ArgumentHelp("Why; stands in the audit.", valueName: "text"))
    var reason = ""

    func run() throws {
        let slots = Int(number)
        guard slots.map({ (1...10_000).contains($0) }) ?? (number == "default") else {
            throw Complaint(
                .usage,
                "slots are a number from 1 to 10000, or default, not “\(number)”; to begin nothing "
                    + "in a lane, pause it"
            )
        }
        try SubjectRun(global).run(.setSlots(slots), on: .lane(name), reason: reason)
    }
}

/// Lists the limits that count across lanes.
struct LaneLimits: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract:
            "List what counts across lanes: how many run at once, how many begin within a span."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let site = try global.site()
        let rules = site.rules.limits
        let store = try site.openStoreForReading()
        let (loads, begins, accounts) = try store.read { reader in
            let accounts = site.rules.accounts.isEmpty ? [:] : try reader.accountLoads()
            return (try reader.limitLoads(), try reader.rates(), accounts)
        }
        let used = loads.sorted { $0.key < $1.key }.map { name, count in
            LimitLine(
                name: name,
                most: rules[name]?.most ?? .max,
                used: count,
                source: rules[name]?.source ?? "nothing"
            )
        }
        let patterns = rules.all.map {
            LimitLine(name: $0.pattern, most: $0.most, used: 0, source: $0.source)
        }
        let operations =
            used + patterns.filter { pattern in !used.contains { $0.name == pattern.name } }
        let rates = site.rules.rates.lines(begins, at: WallClock(on: store).now())
        let lines = operations + rates + site.rules.accounts.lines(accounts)
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(lines.map(RecordJSON.object)))
        }
        var table = Table([
            .init("LIMIT"), .init("MOST"), .init("USED", isRight: true),
            .init("FROM"),
        ])
        for line in lines {
            table.add([
                .init(line.name), .init(line.bound), .init("\(line.used)"), .init(line.source),
            ])
        }
        table.print(on: try global.paper())
    }
}
