import Console
import Model
import Terminal
import Testing

@Suite("The command line")
struct CommandTests {
    @Test("submits a job with its target and parameters")
    func submit() {
        var pilot = Pilot()
        pilot.command("submit vm.migrate db-1 to=kvm-a02 note=\"two words\"")

        let submission = pilot.submissions.first
        #expect(submission?.kind == "vm.migrate")
        #expect(submission?.target == Target(type: "vm", name: "db-1"))
        #expect(submission?.parameters == ["to": "kvm-a02", "note": "two words"])
        #expect(submission?.user == "alice")
    }

    @Test(
        "says what is wrong and keeps the line",
        arguments: [
            ("sumbit x", "did you mean submit?"), ("sort by", "sort by one of activity"),
            ("job abc", "job needs the number"), ("cancel x", "is no number of a job"),
            ("set loud", "set one of ascii"), ("submit", "submit needs a kind"),
            ("submit vm.start a b", "one target too many"), ("filter state:", "character"),
        ]
    )
    func problems(line: String, words: String) {
        var pilot = Pilot(columns: 160)
        pilot.command(line)

        pilot.sees(words)
        pilot.sees(":" + line)
        #expect(pilot.model.context == .line)
        #expect(pilot.submissions.isEmpty)
    }

    @Test("asks before it cancels, also a job that is not in the list")
    func cancel() {
        var pilot = Pilot()
        pilot.command("cancel 42")
        #expect(pilot.model.watch.detail?.job == JobID(42))
        #expect(pilot.model.dialogJob == nil)

        let job = Sample.job(42, "vm.start", "vm/far", .running)
        pilot.send(.detail(JobID(42), JobDetail(job: job)))
        #expect(pilot.model.dialogJob?.id == JobID(42))
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.requests.map(\.job) == [JobID(42)])
    }

    @Test(
        "changes what is shown",
        arguments: [
            ("vms", ViewName.vms), ("hosts", .hosts), ("locks", .locks), ("jobs", .jobs),
        ]
    )
    func views(line: String, view: ViewName) {
        var pilot = Pilot()
        pilot.command(line)
        #expect(pilot.model.openView == view)
    }

    @Test("filters, sorts, shows trees, and undoes all of it")
    func lists() {
        var pilot = Pilot()
        pilot.command("filter kind:vm.*")
        pilot.command("sort kind")
        pilot.command("tree")
        #expect(pilot.model.watch.jobs.order == .kind)
        #expect(pilot.model.watch.jobs.isTree)
        #expect(pilot.model.watch.jobs.filter != .all)
        pilot.command("clear")
        #expect(pilot.model.watch.jobs.filter == .all)
    }

    @Test("completes commands, kinds and names")
    func completion() {
        var pilot = Pilot()
        pilot.send(.vms(Sample.vms))
        pilot.press(":")
        pilot.type("sub")
        pilot.press("Tab")
        pilot.type("vm.mig")
        pilot.press("Tab")
        pilot.type("db")
        pilot.press("Tab")
        pilot.type("t")
        pilot.press("Tab")

        pilot.sees(":submit vm.migrate db-1 to=")
    }

    @Test("takes the beginning of a command that only one has, and q")
    func abbreviations() {
        var pilot = Pilot()
        pilot.command("hos")
        #expect(pilot.model.openView == .hosts)
        pilot.command("q")
        #expect(pilot.model.context == .quitDialog)
    }

    @Test("is left with Backspace when it is empty")
    func leave() {
        var pilot = Pilot()
        pilot.press(":", "Backspace")
        #expect(pilot.model.context == .jobs)
    }

    @Test("says no at a read-only console")
    func readOnly() {
        var pilot = Pilot { $0.isReadOnly = true }
        pilot.command("submit vm.start web-1")

        #expect(pilot.submissions.isEmpty)
        pilot.sees("read-only")
    }
}
