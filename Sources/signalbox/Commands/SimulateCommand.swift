import ArgumentParser
import Foundation
import Model

/// Hours or years of operation in seconds or minutes, with trouble, and a check of what must hold.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate hours or years of operation in virtual time; check what must hold.",
        discussion: """
            A data centre of 12 hosts and 200 VMs: people submit and stop jobs, schedules run in \
            three time zones, hosts and answers get lost, engines die and are followed by others, \
            clocks jump, and jobs that ended are archived and removed. Everything happens in \
            memory, under one seed: the same seed gives the same jobs. What must hold is looked \
            at as the time passes. Ten years are --hours 87600; Ctrl-C ends it and says what held \
            until then. Ends with 1 if something did not hold.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("What chance is drawn from.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "How many virtual hours jobs are submitted; up to 876000, which is a century.",
            valueName: "hours"
        )
    )
    var hours = 8.0

    @Option(
        help: ArgumentHelp(
            "About how many jobs people submit, children and schedules left out; up to ten "
                + "million. 2000 or five an hour if left out, whichever is more.",
            valueName: "number"
        )
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "How much goes wrong: none, light or heavy.",
            valueName: "profile"
        )
    )
    var faults = FaultProfile.light.rawValue

    func run() throws {
        let simulation = try Simulation(try order())
        let signals = try SignalPipe.shared()
        let began = ContinuousClock.now
        var line = ProgressLine()
        try simulation.pass { simulation in
            let share = Double(simulation.virtual) / (hours * 3_600_000)
            line.show(share, Self.progress(simulation))
            return signals.take() == nil
        }
        line.clear()
        let real = (ContinuousClock.now - began) / .milliseconds(1)
        let report = SimulationReport(simulation: simulation, real: real)
        if global.isJSON {
            StandardOutput.line(report.json.pretty)
        } else {
            report.print(on: try global.paper())
        }
        if !simulation.inspector.findings.holds { throw Ending(.failed) }
        if simulation.isInterrupted { throw Ending(.interrupted) }
    }

    private func order() throws -> Simulation.Order {
        guard let profile = FaultProfile(rawValue: faults) else {
            let known = FaultProfile.allCases.map(\.rawValue).joined(separator: ", ")
            throw Complaint(.usage, "--faults must be one of \(known), not “\(faults)”")
        }
        guard (0.01...876_000).contains(hours) else {
            throw Complaint(.usage, "--hours is from 0.01 to 876000, not \(hours)")
        }
        let jobs = jobs ?? max(2000, Int(hours * 5))
        guard (1...10_000_000).contains(jobs) else {
            throw Complaint(.usage, "--jobs is from 1 to 10000000, not \(jobs)")
        }
        return Simulation.Order(seed: seed, hours: hours, jobs: jobs, faults: profile)
    }

    private static func progress(_ simulation: Simulation) -> String {
        "\(Span.short(simulation.virtual)), \(simulation.inspector.jobs) jobs"
    }
}
