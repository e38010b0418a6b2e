import Console
import Model
import Terminal
import Testing

@Suite("Actions on jobs")
struct ActionTests {
    @Test("a cancel goes to the job that was selected when its key was pressed")
    func targetIsCaptured() {
        var pilot = Pilot()
        pilot.press("j", "j", "C")
        let shown = pilot.model.dialogJob?.id

        // New jobs push the rows down, and the former first one ends, while the dialog is open.
        let new = (0..<5).map { Sample.job(6000 + $0, "vm.start", "vm/new-\($0)", .running) }
        pilot.refresh(new + Sample.jobs.reversed())
        pilot.pass(300)
        pilot.press("y")

        #expect(shown == JobID(5946))
        #expect(pilot.requests.map(\.job) == [JobID(5946)])
        #expect(pilot.requests.first?.action == .stop(.cancel))
        #expect(pilot.requests.first?.by == "alice")
    }

    @Test("rows that move right under the finger do not change the target")
    func targetFollowsTheJob() {
        var pilot = Pilot()
        pilot.press("j")
        let selected = pilot.model.selectedJob

        pilot.refresh([Sample.job(6001, "vm.start", "vm/new", .running)] + Sample.jobs)
        pilot.press("A")

        #expect(pilot.model.dialogJob?.id == selected)
    }

    @Test("keys in the first quarter of a second are not for the dialog", arguments: [0, 100, 249])
    func guarded(milliseconds: Int64) {
        var pilot = Pilot()
        pilot.press("A")
        pilot.now = pilot.now + milliseconds

        pilot.send(.input(.key(.character("y")), pilot.now))

        #expect(pilot.requests.isEmpty)
        #expect(pilot.model.context == .dialog)
    }

    @Test("after a quarter of a second y is yes")
    func confirmed() {
        var pilot = Pilot()
        pilot.press("A")
        pilot.now = pilot.now + 250

        pilot.send(.input(.key(.character("y")), pilot.now))

        #expect(pilot.requests.count == 1)
        #expect(pilot.model.context == .jobs)
    }

    @Test(
        "only y confirms",
        arguments: ["Enter", "Space", "A", "C", "Y", "n", "Esc", "q", "Tab", "r", "x", "F10"]
    )
    func onlyY(key: String) {
        var pilot = Pilot()
        pilot.ask("A")
        pilot.pass(400)

        pilot.press(key)

        #expect(pilot.requests.isEmpty)
    }

    @Test("pasted text confirms nothing and starts nothing")
    func paste() {
        var pilot = Pilot()
        pilot.send(.input(.paste("Cy\nAy\n:quit\n"), pilot.now))
        pilot.ask("A")
        pilot.pass(400)
        pilot.send(.input(.paste("y\ny\n"), pilot.now))

        #expect(pilot.requests.isEmpty)
        #expect(!pilot.effects.contains(.quit(.leaveRunning)))
        #expect(pilot.model.context == .dialog)
    }

    @Test("a stop asks first what it would undo, and says it")
    func preview() {
        var pilot = Pilot()
        pilot.press("A")
        #expect(pilot.effects.contains(.previewStop(JobID(5948))))
        pilot.sees("finds out what will be undone")

        pilot.send(.preview(Sample.preview(5948, isInterruptible: false)))

        pilot.sees("3 steps will be undone, newest first")
        pilot.sees("3 children are stopped too: 2 Queued, 1 Running")
        pilot.sees("cannot be interrupted")
    }

    @Test("the reason that is typed goes with the request")
    func reason() {
        var pilot = Pilot()
        pilot.press("C")
        pilot.pass(300)
        pilot.press("r")
        pilot.type("yes, wrong host")
        pilot.press("Enter")
        #expect(pilot.requests.isEmpty)

        pilot.press("y")

        #expect(pilot.requests.first?.reason == "yes, wrong host")
    }

    @Test("a job that moved on is shown so, and yes is refused until it is looked at again")
    func movedOn() {
        var pilot = Pilot()
        pilot.press("A")
        var jobs = Sample.jobs
        jobs[0].state = .rollingBack
        jobs[0].updatedAt = pilot.now
        pilot.refresh(jobs)
        pilot.pass(300)

        pilot.sees("it has moved on")
        pilot.press("y")
        #expect(pilot.requests.isEmpty)
        pilot.press("u")
        #expect(!pilot.status.contains("it is being undone already"), "an abort interrupts that")
    }

    @Test("the request carries the states in which it was meant")
    func expecting() {
        var pilot = Pilot()
        pilot.press("j", "C")
        pilot.pass(300)
        pilot.press("y")

        #expect(pilot.requests.first?.expecting == [.pending, .queued])
    }

    @Test(
        "a key that can do nothing says why",
        arguments: [
            (10, "C", "it has ended (Completed, 15:41:15); R makes a new job"),
            (10, "A", "it has ended"), (0, "R", "it is still Running"),
            (5, "C", "bob asked to cancel it; abort goes further"), (7, "A", "it needs a decision"),
        ]
    )
    func refusal(row: Int, key: String, words: String) {
        var pilot = Pilot(columns: 160)
        for _ in 0..<row { pilot.press("j") }

        pilot.press(key)

        #expect(pilot.status.contains(words), "\(pilot.status)")
        #expect(pilot.model.dialogJob == nil)
    }

    @Test("abandoning needs the job's name, typed")
    func abandon() {
        var pilot = Pilot()
        for _ in 0..<6 { pilot.press("j") }
        pilot.press("x", "B")
        pilot.pass(300)
        pilot.type("job-59")
        pilot.press("Enter", "Enter", "y")
        #expect(pilot.requests.isEmpty)
        pilot.press("n")

        pilot.press("x", "B")
        pilot.pass(300)
        pilot.type("job-5942")
        pilot.press("Enter", "Enter", "y")

        #expect(pilot.requests.map(\.action) == [.stop(.abandon)])
    }

    @Test("the menu shows what cannot be done, with the reason, and does nothing then")
    func menu() {
        var pilot = Pilot(columns: 120)
        pilot.press("x")
        pilot.sees("its backend answers; abort it first")

        pilot.press("B")

        #expect(pilot.model.dialogJob == nil)
        #expect(pilot.model.context == .menu)
    }

    @Test(
        "an operator decides about a job that needs one",
        arguments: [
            ("U", Resolution.retry), ("S", .skip), ("P", .giveUp),
        ]
    )
    func resolve(key: String, resolution: Resolution) {
        var pilot = Pilot()
        for _ in 0..<7 { pilot.press("j") }
        pilot.press("x", key)
        pilot.pass(300)
        pilot.press("y")

        #expect(pilot.requests.map(\.action) == [.resolve(resolution)])
        #expect(pilot.requests.first?.expecting == [.needsOperator])
    }

    @Test("nothing can be done at a read-only console", arguments: ["C", "A", "R"])
    func readOnly(key: String) {
        var pilot = Pilot(columns: 120) { $0.isReadOnly = true }

        pilot.press(key)

        pilot.sees("READ-ONLY")
        #expect(pilot.status.contains("read-only"))
        #expect(pilot.model.dialogJob == nil)
    }

    @Test("what was asked and what came of it is said; a refusal stays until a key")
    func results() {
        var pilot = Pilot()
        pilot.press("C")
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.status.contains("cancel job-5948: asked…"))
        // Nothing is called cancelling before the store says so.
        #expect(!pilot.screen.contains("5948 ◐"))

        let id = RequestID(1)
        pilot.send(.actionResult(ActionResult(id: id, text: "the job has ended", isOK: false)))
        pilot.pass(60_000)

        #expect(pilot.status.contains("cancel job-5948: the job has ended"))
        #expect(pilot.effects.contains(.bell))
        pilot.press("Esc")
        #expect(pilot.model.context == .jobs)
    }
}
