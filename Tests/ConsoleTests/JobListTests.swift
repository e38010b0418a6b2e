import Console
import Model
import Terminal
import Testing

@Suite("The list of jobs")
struct JobListTests {
    private static func many(_ count: Int) -> [Job] {
        (0..<count).map { Sample.job(Int64(count - $0), "vm.start", "vm/vm-\($0)", .queued) }
    }

    @Test("only the rows around what is visible are asked for")
    func window() {
        var pilot = Pilot(jobs: Self.many(5000))
        #expect(pilot.model.watch.jobs.offset == 0)
        #expect(pilot.model.watch.jobs.limit < 200)

        pilot.press("G")
        pilot.refresh()

        #expect(pilot.model.watch.jobs.offset > 4900)
        #expect(pilot.model.selectedJob == JobID(1))
        pilot.sees("vm/vm-4999")
    }

    @Test("rows not yet known are shown as such, and have no job to act on")
    func unknownRows() {
        var pilot = Pilot(jobs: Self.many(5000))
        pilot.press("G")

        pilot.sees("…")
        #expect(pilot.model.selectedJob == nil)
        pilot.press("C")
        #expect(pilot.model.dialogJob == nil)
    }

    @Test("the selection follows its job when rows come before it")
    func follows() {
        var pilot = Pilot()
        pilot.press("j", "j")
        let job = pilot.model.selectedJob
        pilot.pass(500)

        pilot.refresh([Sample.job(6001, "vm.start", "vm/new", .running)] + Sample.jobs)

        #expect(pilot.model.selectedJob == job)
        pilot.sees("›  5946")
        pilot.sees("6001")
    }

    @Test("who has not moved yet goes on seeing the newest at the top")
    func watches() {
        var pilot = Pilot()
        let news = (0..<40).map { Sample.job(Int64(6040 - $0), "vm.start", "vm/new", .running) }

        pilot.refresh(news + Sample.jobs)

        pilot.sees("›  6040")
        pilot.press("j", "j")
        let job = pilot.model.selectedJob
        pilot.pass(500)
        pilot.refresh([Sample.job(6041, "vm.start", "vm/newer", .running)] + news + Sample.jobs)
        #expect(pilot.model.selectedJob == job)
    }

    @Test("the order stands still after a moving key, and what is new is counted")
    func frozen() {
        var pilot = Pilot()
        pilot.press("j")
        let new = [Sample.job(6001, "vm.start", "vm/new", .running)]

        pilot.refresh(new + Sample.jobs)
        pilot.sees("+1 new")
        pilot.doesNotSee("vm/new")

        pilot.pass(400)
        pilot.sees("vm/new")
        pilot.doesNotSee("+1 new")
    }

    @Test("the order stands still as long as a question or a menu is open", arguments: ["A", "x"])
    func frozenByOverlay(key: String) {
        var pilot = Pilot()
        pilot.press(key)
        pilot.pass(10_000)

        pilot.refresh([Sample.job(6001, "vm.start", "vm/new", .running)] + Sample.jobs)
        #expect(pilot.model.view().text(row: 2).contains("+1 new"))
        pilot.press("Esc")

        pilot.sees("vm/new")
        pilot.doesNotSee("+1 new")
    }

    @Test("frozen rows still change in place")
    func changesInPlace() {
        var pilot = Pilot()
        pilot.press("j")
        var jobs = Sample.jobs
        jobs[0].state = .completed
        jobs[0].updatedAt = pilot.now
        jobs.reverse()

        pilot.refresh(jobs)

        pilot.sees("5948 ✓ Completed")
        #expect(pilot.model.view().text(row: 4).contains("5948"))
    }

    @Test("a selected job that left the list hands the selection to its place")
    func gone() {
        var pilot = Pilot()
        pilot.press("j")
        pilot.pass(500)

        pilot.refresh(Sample.jobs.filter { $0.id != JobID(5947) })

        #expect(pilot.model.selectedJob == JobID(5946))
    }

    @Test(
        "sorting asks the store for another order",
        arguments: [
            (">", JobQuery.Order.newest), ("<", .age),
        ]
    )
    func sort(key: String, order: JobQuery.Order) {
        var pilot = Pilot()
        pilot.press(key)
        #expect(pilot.model.watch.jobs.order == order)

        pilot.press("I")
        #expect(pilot.model.watch.jobs.isReversed)
    }

    @Test("the sort menu chooses by key or by Enter")
    func sortMenu() {
        var pilot = Pilot()
        pilot.press("s", "5")
        #expect(pilot.model.watch.jobs.order == .kind)

        pilot.press("s", "j", "Enter")
        #expect(pilot.model.watch.jobs.order == .target)
    }

    @Test("in a tree, children can be folded, and p leads to the parent")
    func tree() {
        var pilot = Pilot()
        pilot.press("t")
        pilot.refresh()
        pilot.press("j", "j", "j", "p")
        #expect(pilot.model.selectedJob == JobID(5946))

        pilot.press("h")
        #expect(pilot.model.watch.jobs.folded == [JobID(5946)])
        pilot.sees("▸ repo")
        pilot.press("l")
        #expect(pilot.model.watch.jobs.folded.isEmpty)
    }

    @Test("what is wanted is said once, and again only when it changes")
    func watchesOnce() {
        var model = ConsoleModel(
            settings: ConsoleSettings(),
            rows: 24,
            columns: 80,
            now: Sample.now
        )

        let first = model.update(.tick(Sample.now))
        let second = model.update(.tick(Sample.now + 1000))

        #expect(first == [.watch(model.watch)])
        #expect(second.isEmpty)
    }

    @Test("nothing need wake the program when no job is alive, but once a minute")
    func idle() {
        let ended = Sample.jobs.filter(\.state.isTerminal)
        let pilot = Pilot(jobs: ended)

        #expect(pilot.model.nextTick - pilot.now > 30_000)
        #expect(Pilot().model.nextTick - Sample.now <= 1000)
    }

    @Test("the mouse selects a row, and the wheel moves")
    func mouse() {
        var pilot = Pilot()
        pilot.send(.input(.mouse(Mouse(action: .press(1), row: 6, column: 10)), pilot.now))
        #expect(pilot.model.selectedJob == JobID(5946))

        pilot.send(.input(.mouse(Mouse(action: .wheelDown, row: 6, column: 10)), pilot.now))
        #expect(pilot.model.selectedJob == JobID(5943))
    }
}
