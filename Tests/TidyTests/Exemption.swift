/// A file that need not keep a rule, and why.
struct Exemption: Sendable {
    let rule: String
    let path: String
    let reason: String

    /// Keep this short: each line is a debt, and one that is no longer needed fails a test.
    static let all: [Exemption] = [
        Exemption(
            rule: "clock",
            path: "Sources/CNcurses/device.c",
            reason: "how long an escape key is waited for is measured where the key is read"
        ),
        Exemption(
            rule: "clock",
            path: "Sources/Store/Lease.swift",
            reason: "whether another engine's lease moves is judged by this machine's own time"
        ),
        Exemption(
            rule: "chance",
            path: "Sources/TestKit/TemporaryStore.swift",
            reason: "two tests at once must not share a folder; its name decides nothing"
        ),
        Exemption(
            rule: "gate",
            path: "Sources/signalbox/Bench/EngineBenches.swift",
            reason: "a bench makes its own load on a store of its own"
        ),
        Exemption(
            rule: "gate",
            path: "Sources/signalbox/Commands/ArchiveCommand.swift",
            reason: "it writes in many parts, the first of which has passed the gate"
        ),
        Exemption(
            rule: "gate",
            path: "Sources/signalbox/Bench/BenchLab.swift",
            reason: "a bench makes its own load on a store of its own"
        ),
        Exemption(
            rule: "gate",
            path: "Sources/signalbox/Joining/DemoStage.swift",
            reason: "the schedules of a demo's story are there before anybody comes"
        ),
        Exemption(
            rule: "gate",
            path: "Sources/signalbox/Simulation/SimulatedHousekeeping.swift",
            reason: "a simulation makes its own people, on a store of its own"
        ),
        Exemption(
            rule: "gate",
            path: "Sources/signalbox/Console/ScenarioPlayer.swift",
            reason: "the people of a demo's story are not at the keyboard"
        ),
    ]

    static func covers(_ rule: Rule, _ path: String) -> Bool {
        all.contains { $0.rule == rule.name && $0.path == path }
    }
}
