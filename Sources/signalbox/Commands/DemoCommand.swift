import ArgumentParser
import Foundation
import Model
import Store
import Workload

/// A simulated data centre at work.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Watch a simulated data centre at work.",
        discussion: """
            Opens the console on a store of its own, gone afterwards unless --store names it. \
            With --headless the scenario runs in virtual time as fast as the machine can; the \
            same seed gives the same jobs, and the store is left for the other commands.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(
        help: ArgumentHelp("A scenario that came along, or a file.", valueName: "name|file"),
        completion: .file(extensions: ["yaml"])
    )
    var scenario = "datacenter"

    @Option(help: ArgumentHelp("What chance is drawn from.", valueName: "number"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Virtual seconds in a real one; up to 10000.", valueName: "factor"))
    var speed: Double?

    @Flag(name: .customLong("headless"), help: "Run without a screen, in virtual time.")
    var isHeadless = false

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How much virtual time passes without a screen.", valueName: "span")
    )
    var duration = "10m"

    func validate() throws {
        if let speed, !(0.1...10_000).contains(speed) {
            throw ValidationError("--speed is a factor from 0.1 to 10000")
        }
    }

    func run() throws {
        let folder = global.storePath == nil ? try TemporaryFolder(isKept: isHeadless) : nil
        defer { if !isHeadless { folder?.remove() } }
        let path = global.storePath ?? (folder.map { $0.path + "/demo.sqlite" } ?? "demo.sqlite")
        let site = try global.site(at: path, scenario: scenario)
        let scenario = try readScenario(site)
        if isHeadless { return try runHeadless(site, scenario) }
        try DemoConsole(
            global: global,
            site: site,
            scenario: scenario,
            isTemporary: folder != nil
        ).run()
    }

    private func readScenario(_ site: Site) throws -> Scenario {
        var scenario = try site.readScenario(self.scenario)
        if let seed { scenario.seed = seed }
        if let speed { scenario.speed = speed }
        return scenario
    }
}

// MARK: - Without a screen

extension DemoCommand {
    private func runHeadless(_ site: Site, _ scenario: Scenario) throws {
        guard let span = Span.milliseconds(duration), span > 0, span <= 366 * 86_400_000 else {
            throw Complaint(.usage, "--for is a span such as 60s, 5m or 3h, not “\(duration)”")
        }
        let stage = DemoStage(
            site: site,
            scenario: scenario,
            opening: DemoStage.epoch + scenario.past
        )
        let signals = try SignalPipe.shared()
        let began = ContinuousClock.now
        let played = try stage.play(until: stage.start + span) { _ in
            signals.take() == nil
        }
        let real = (ContinuousClock.now - began) / .seconds(1)
        let store = try site.openStoreForReading()
        try RunSummary(store).print(isJSON: global.isJSON, on: try global.paper())
        for text in played.missed { StandardError.say("the script could not do this: \(text)") }
        let virtual = Span.short(played.now - stage.start)
        let turns = played.turns
        StandardError.say(
            "\(virtual) in \(Span.short(Int64(real * 1000))), \(turns) turns; "
                + "the store is \(site.storePath)"
        )
        try store.close()
    }
}
