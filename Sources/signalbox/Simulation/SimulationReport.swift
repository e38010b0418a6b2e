import Foundation
import Model

/// What a simulation has to say in the end.
struct SimulationReport {
    let simulation: Simulation
    /// Real milliseconds that it took.
    let real: Double

    private var findings: Findings { simulation.inspector.findings }
    private var ratio: Double { Double(simulation.virtual) / max(1, real) }

    /// The same as text; what depends on the machine goes to standard error.
    func print(on paper: Paper) {
        RunSummary(simulation.inspector.ended).print(isJSON: false, on: paper)
        StandardOutput.line("")
        for finding in findings.findings { print(finding, on: paper) }
        StandardOutput.line("")
        let jobs = simulation.inspector.jobs
        StandardOutput.line(
            "seed \(simulation.order.seed), \(Span.short(simulation.virtual)) of virtual time"
                + (simulation.isInterrupted ? ", interrupted" : "")
        )
        StandardOutput.line(
            "\(jobs) jobs, \(simulation.scheduleInspector.instants) instants of schedules, "
                + "\(simulation.engineCount) engines"
        )
        StandardOutput.line(mishaps)
        StandardOutput.line(
            "\(findings.checks) checks; at most \(simulation.inspector.bounds.mostKept) jobs kept"
        )
        StandardError.say(
            "\(simulation.turns) turns in \(Span.short(Int64(real))): "
                + "\(Int(ratio)) times as fast as the clock, "
                + "\(Int(Double(jobs) / max(0.001, real / 1000))) jobs a second, "
                + "\(Int(Process.peakMegabytes())) MB at most"
        )
    }

    private var mishaps: String {
        Mishap.Sort.allCases.map { sort in
            let count = simulation.mishaps[sort] ?? 0
            return "\(count) " + (count == 1 ? sort.word : sort.words)
        }.joined(separator: ", ")
    }

    private func print(_ finding: Findings.Finding, on paper: Paper) {
        let mark = finding.holds ? paper.tinted("holds ", .good) : paper.tinted("BROKEN", .bad)
        StandardOutput.line("\(mark)  \(finding.rule)")
        for offender in finding.offenders.prefix(10) {
            StandardOutput.line("        \(paper.safe(offender))")
        }
        let others = finding.others + max(0, finding.offenders.count - 10)
        if others > 0 { StandardOutput.line("        and \(others) more") }
    }

    /// The same as JSON.
    var json: JSONValue {
        let inspector = simulation.inspector
        let rules = findings.findings.map { finding in
            JSONValue.object(of: [
                "rule": JSONValue(finding.rule),
                "holds": .bool(finding.holds),
                "offenders": .array(finding.offenders.map { .string($0) }),
                "others": JSONValue(finding.others),
            ])
        }
        var counts = inspector.totals
        for job in inspector.open.values { counts[job.state] += 1 }
        let mishaps = Mishap.Sort.allCases.map { sort in
            JSONValue.Member(sort.key, JSONValue(simulation.mishaps[sort] ?? 0))
        }
        return .object(of: [
            "seed": .number("\(simulation.order.seed)"),
            "holds": .bool(findings.holds),
            "isInterrupted": .bool(simulation.isInterrupted),
            "virtualMilliseconds": JSONValue(simulation.virtual),
            "realMilliseconds": JSONValue(Int64(real)),
            "ratio": JSONValue(Int64(ratio)),
            "turns": JSONValue(simulation.turns),
            "engines": JSONValue(simulation.engineCount),
            "mishaps": .object(mishaps),
            "scheduleInstants": JSONValue(simulation.scheduleInspector.instants),
            "checks": JSONValue(findings.checks),
            "jobsKept": JSONValue(inspector.bounds.mostKept),
            "peakMegabytes": JSONValue(Int(Process.peakMegabytes())),
            "jobs": RecordJSON.object(counts),
            "rules": .array(rules),
        ])
    }
}

extension Mishap.Sort {
    /// Its name in JSON.
    fileprivate var key: String {
        switch self {
        case .outage: "outages"
        case .badSpell: "badSpells"
        case .crash: "engineChanges"
        case .clockJump: "clockJumps"
        }
    }

    /// One of it.
    fileprivate var word: String {
        switch self {
        case .outage: "host out of reach"
        case .badSpell: "bad spell"
        case .crash: "change of engines"
        case .clockJump: "wrong clock"
        }
    }

    /// Several of it.
    fileprivate var words: String {
        switch self {
        case .outage: "hosts out of reach"
        case .badSpell: "bad spells"
        case .crash: "changes of engines"
        case .clockJump: "wrong clocks"
        }
    }
}
