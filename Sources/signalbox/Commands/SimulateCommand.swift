import ArgumentParser
import Foundation
import Model

/// Hours of operation in seconds, with trouble, and a check of what must hold.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate hours of operation in virtual time and check what must hold.",
        discussion: """
            Everything happens in memory, under one seed: the same seed gives the same jobs. Ends \
            with 1 if something did not hold.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("What chance is drawn from.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "How many virtual hours jobs are submitted; up to 1000.",
            valueName: "hours"
        )
    )
    var hours = 8.0

    @Option(
        help: ArgumentHelp(
            "About how many jobs, children left out; up to a million.",
            valueName: "number"
        )
    )
    var jobs = 2000

    @Option(
        help: ArgumentHelp(
            "How much goes wrong: none, light or heavy.",
            valueName: "profile"
        )
    )
    var faults = FaultProfile.light.rawValue

    func run() throws {
        guard let profile = FaultProfile(rawValue: faults) else {
            let known = FaultProfile.allCases.map(\.rawValue).joined(separator: ", ")
            throw Complaint(.usage, "--faults must be one of \(known), not “\(faults)”")
        }
        guard (0.01...1000).contains(hours), (1...1_000_000).contains(jobs) else {
            throw Complaint(.usage, "--hours is from 0.01 to 1000, --jobs from 1 to 1000000")
        }
        let began = ContinuousClock.now
        let simulation = Simulation(seed: seed, hours: hours, jobs: jobs, faults: profile)
        let outcome = try simulation.run()
        let findings = try Findings(outcome)
        let real = (ContinuousClock.now - began) / .milliseconds(1)
        if global.isJSON {
            printJSON(findings, outcome, real)
        } else {
            try printText(findings, outcome, real)
        }
        if !findings.holds { throw Ending(.failed) }
    }

    private func printText(
        _ findings: Findings,
        _ outcome: Simulation.Outcome,
        _ real: Double
    ) throws {
        let paper = try global.paper()
        try RunSummary(outcome.store).print(isJSON: false, on: paper)
        StandardOutput.line("")
        for finding in findings.findings {
            let mark =
                finding.holds ? paper.tinted("holds ", .good) : paper.tinted("BROKEN", .bad)
            StandardOutput.line("\(mark)  \(finding.rule)")
            for offender in finding.offenders.prefix(10) {
                StandardOutput.line("        \(paper.safe(offender))")
            }
            if finding.offenders.count > 10 {
                StandardOutput.line("        and \(finding.offenders.count - 10) more")
            }
        }
        let ratio = Double(outcome.virtual) / max(1, real)
        StandardOutput.line("")
        StandardOutput.line("seed \(seed), \(Span.short(outcome.virtual)) of virtual time")
        StandardError.say(
            "\(outcome.turns) turns in \(Span.short(Int64(real))): "
                + "\(Int(ratio)) times as fast as the clock"
        )
    }

    private func printJSON(_ findings: Findings, _ outcome: Simulation.Outcome, _ real: Double) {
        let rules = findings.findings.map { finding in
            JSONValue.object(of: [
                "rule": JSONValue(finding.rule),
                "holds": .bool(finding.holds),
                "offenders": .array(finding.offenders.prefix(100).map { .string($0) }),
            ])
        }
        let object = JSONValue.object(of: [
            "seed": .number("\(seed)"),
            "holds": .bool(findings.holds),
            "virtualMilliseconds": JSONValue(outcome.virtual),
            "realMilliseconds": JSONValue(Int64(real)),
            "turns": JSONValue(outcome.turns),
            "jobs": RecordJSON.object(findings.counts),
            "rules": .array(rules),
        ])
        StandardOutput.line(object.pretty)
    }
}
