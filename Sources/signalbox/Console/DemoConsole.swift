import Foundation
import Model
import Store
import Workload

/// The console on a scenario: its past in virtual time, then its present at the scenario's speed.
struct DemoConsole {
    let global: GlobalOptions
    let site: Site
    let scenario: Scenario
    /// Whether the store goes when the console is left.
    let isTemporary: Bool

    /// Plays the past, shows the console, and stops everything when the person leaves.
    func run() throws {
        guard isatty(0) == 1, isatty(1) == 1 else {
            throw Complaint(.usage, "the demo needs a terminal; --headless runs it without one")
        }
        let stage = DemoStage(site: site, scenario: scenario, opening: WallClock().now())
        let driver = try past(stage)
        let store = try site.openStore()
        let clock = ScaledClock(start: stage.opening, speed: scenario.speed)
        let session = try ConsoleSession(
            global: global,
            site: site,
            store: store,
            clock: clock,
            demo: Demo(
                scenario: scenario.title,
                pace: scenario.speed,
                isTemporary: isTemporary
            ),
            host: { listener in
                try EngineHost(
                    site: site,
                    store: store,
                    clock: clock,
                    tick: Int64(500 * max(1, scenario.speed)),
                    listener: listener
                )
            }
        )
        guard let host = session.desk.host else { return }
        let player = try ScenarioPlayer(driver, host: host, store: store, clock: clock)
        player.start()
        defer { player.stop() }
        try session.run()
    }

    /// Plays what was before the screen opens; says how far it is if that takes longer.
    private func past(_ stage: DemoStage) throws -> ScenarioDriver {
        let began = ContinuousClock.now
        let signals = try SignalPipe.shared()
        var shown = -1
        let length = max(1, scenario.past)
        let played = try stage.play(until: stage.opening) { now in
            let done = Int((now - stage.start) * 100 / length)
            if done > shown && ContinuousClock.now - began > .milliseconds(700) && isatty(2) == 1 {
                shown = done
                StandardError.put("\rPlaying the last \(Span.short(length)): \(done) %")
            }
            return signals.take() == nil
        }
        if shown >= 0 { StandardError.put("\r\u{1B}[K") }
        guard played.now >= stage.opening else { throw Ending(.interrupted) }
        return played.driver
    }
}
