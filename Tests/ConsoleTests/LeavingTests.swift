import Console
import Model
import Terminal
import Testing

@Suite("Leaving")
struct LeavingTests {
    @Test("asks what becomes of unfinished jobs", arguments: ["q", "Q", "F10", "Ctrl-c"])
    func asks(key: String) {
        var pilot = Pilot()
        pilot.press(key)

        #expect(pilot.effects.isEmpty)
        pilot.sees("9 jobs have not ended.")
    }

    @Test(
        "does what is chosen",
        arguments: [
            ("l", [Effect.quit(.leaveRunning)]), ("m", [.quit(.cancelMineAndQuit)]), ("s", []),
            ("Esc", []), ("Enter", []), ("Ctrl-c", [.quit(.leaveRunning)]),
        ]
    )
    func choices(key: String, effects: [Effect]) {
        var pilot = Pilot()
        pilot.press("q")
        pilot.pass(300)
        pilot.press(key)

        #expect(pilot.effects == effects)
    }

    @Test("is not chosen by keys that came too early")
    func guarded() {
        var pilot = Pilot()
        pilot.press("q", "l")
        #expect(pilot.effects.isEmpty)
    }

    @Test("guards by the person's time, however fast the demo runs")
    func guardedInDemo() {
        var settings = ConsoleSettings()
        settings.pace = 20
        var pilot = Pilot(settings: settings)
        pilot.press("q")
        pilot.pass(4000)
        pilot.press("l")
        #expect(pilot.effects.isEmpty)

        pilot.pass(1000)
        pilot.press("l")
        #expect(pilot.effects == [.quit(.leaveRunning)])
    }

    @Test("asks nothing of somebody who may change nothing and runs no engine")
    func onlooker() {
        var pilot = Pilot { snapshot in
            snapshot.isReadOnly = true
            snapshot.isOwnEngine = false
        }
        pilot.press("q")
        #expect(pilot.effects == [.quit(.leaveRunning)])
    }

    @Test("says so if the store goes with the console")
    func temporary() {
        var settings = ConsoleSettings()
        settings.isStoreTemporary = true
        var pilot = Pilot(settings: settings) { $0.isOwnEngine = true }
        pilot.press("q")
        pilot.sees("This store is temporary")
    }

    @Test("asks nothing when every job has ended")
    func idle() {
        var pilot = Pilot(jobs: Sample.jobs.filter(\.state.isTerminal))
        pilot.press("q")
        #expect(pilot.effects == [.quit(.leaveRunning)])
    }

    @Test("happens at once when the terminal is gone")
    func hangup() {
        var pilot = Pilot()
        pilot.press("A")
        pilot.effects = []
        pilot.send(.hangup)
        #expect(pilot.effects == [.quit(.leaveRunning)])
    }

    @Test("never happens by Esc")
    func escape() {
        var pilot = Pilot(jobs: [])
        for _ in 0..<10 { pilot.press("Esc") }
        #expect(pilot.effects.isEmpty)
    }

    @Test("q backs out first")
    func backsOut() {
        var pilot = Pilot()
        pilot.open("Enter")
        pilot.press("q")
        #expect(pilot.model.context == .jobs)
        pilot.press("2", "q")
        #expect(pilot.model.openView == .jobs)
    }

    @Test("is possible while nothing is known, and on the smallest screen")
    func always() {
        var pilot = Pilot(rows: 1, columns: 1, loaded: false)
        pilot.press("Q")
        #expect(pilot.effects == [.quit(.leaveRunning)])
    }

    @Test("pausing and redrawing are asked of the program")
    func others() {
        var pilot = Pilot()
        pilot.press("Ctrl-z", "Ctrl-l")
        #expect(pilot.effects == [.suspend, .redraw])
    }
}
