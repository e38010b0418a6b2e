import ArgumentParser
import Foundation
import Model

/// Measures the speeds, each beside its raw baseline.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the speeds, each beside what plain SQLite does in the same run.",
        discussion: """
            Names: \(BenchCommand.all.map(\.name).joined(separator: ", ")); all if left out. \
            Measures on the disk of the folder that --dir names. Ends with 0 whatever is measured.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("What to measure.", valueName: "name"))
    var names: [String] = []

    @Flag(
        name: .customLong("full"),
        help: "Large stores hold a million jobs, ten million finished; not a tenth of that."
    )
    var isFull = false

    @Option(help: ArgumentHelp("How many jobs large stores hold.", valueName: "number"))
    var size: Int?

    @Option(
        help: ArgumentHelp("Where the stores to be measured are made.", valueName: "folder"),
        completion: .directory
    )
    var dir: String?

    /// Measures the memory of this very process, on a store that another one filled.
    @Option(name: .customLong("memory-of"), help: .hidden)
    var memoryOf: String?

    private typealias Bench = @Sendable (BenchLab) throws -> [BenchLine]

    private static let all: [(name: String, run: Bench)] = [
        ("memory", ConsoleBenches.memory),
        ("lifecycle", EngineBenches.lifecycle),
        ("submit", EngineBenches.submit),
        ("pickup", EngineBenches.pickup),
        ("pickup-process", EngineBenches.pickupFromOutside),
        ("idle", EngineBenches.idle),
        ("backlog", EngineBenches.backlog),
        ("finished", EngineBenches.finished),
        ("frame", ConsoleBenches.frame),
        ("bytes", ConsoleBenches.bytes),
        ("restart", RestartBench.restart),
    ]

    func run() throws {
        if let memoryOf {
            return StandardOutput.line(BenchLine.number(try ConsoleBenches.ownMemory(memoryOf)))
        }
        let known = Self.all.map(\.name)
        if let stranger = names.first(where: { !known.contains($0) }) {
            let list = known.joined(separator: ", ")
            throw Complaint(.usage, "nothing called “\(stranger)” is measured; there are \(list)")
        }
        let jobs = size ?? (isFull ? 1_000_000 : 100_000)
        guard (1000...20_000_000).contains(jobs) else {
            throw Complaint(.usage, "--size is from 1000 to 20000000")
        }
        let folder = try TemporaryFolder(below: dir ?? NSTemporaryDirectory())
        defer { folder.remove() }
        let lab = BenchLab(folder: folder, size: jobs)
        let paper = try global.paper()
        var lines: [BenchLine] = []
        for bench in Self.all where names.isEmpty || names.contains(bench.name) {
            if isatty(2) == 1 { StandardError.put("\rmeasures \(bench.name) …\u{1B}[K") }
            let measured = try bench.run(lab)
            if isatty(2) == 1 { StandardError.put("\r\u{1B}[K") }
            // At once: all of it takes minutes, and what comes later may not work here.
            if !global.isJSON { Self.print(measured, on: paper, isFirst: lines.isEmpty) }
            lines += measured
        }
        if global.isJSON { StandardOutput.line(JSONText.list(lines.map(\.object))) }
        #if DEBUG
        StandardError.say("this is a debug build: its speeds mean nothing")
        #endif
    }

    /// Prints what was measured, in columns that are as wide as those of the lines before.
    private static func print(_ lines: [BenchLine], on paper: Paper, isFirst: Bool) {
        var table = Table([
            .init("NAME", least: all.map(\.name.count).max() ?? 0), .init("WHAT", least: 52),
            .init("MEASURED", isRight: true, least: 14),
            .init("BASELINE", isRight: true, least: 14),
            .init("SHARE", isRight: true), .init("GOAL", least: 15), .init("REACHED"),
        ])
        for line in lines { table.add(line.cells) }
        table.print(on: paper, hasHeading: isFirst)
        StandardOutput.flush()
    }
}
