import Console
import Model
import Terminal
import Testing

@Suite("The detail pane")
struct DetailTests {
    @Test(
        "asks for the parts of its tab only",
        arguments: [
            ("d", [DetailPart.steps, .tickets, .tree]), ("S", [.steps]), ("L", [.log]),
            ("T", [.tree]), ("i", [.journal]), ("y", []),
        ]
    )
    func parts(key: String, parts: [DetailPart]) {
        var pilot = Pilot()
        pilot.press(key)

        #expect(pilot.model.watch.detail?.job == JobID(5948))
        #expect(pilot.model.watch.detail?.parts == Set(parts))
    }

    @Test("is closed by Esc, one level at a time")
    func back() {
        var pilot = Pilot()
        pilot.open("Enter")
        pilot.press("O")
        #expect(pilot.model.context == .detail)
        pilot.press("Esc")
        #expect(pilot.model.watch.detail != nil)
        pilot.press("Esc")
        #expect(pilot.model.watch.detail == nil)
        pilot.press("Esc", "Esc")
        #expect(pilot.effects.isEmpty)
    }

    @Test("shows the job that the list moves to, when the list has the focus")
    func follows() {
        var pilot = Pilot()
        pilot.open("Enter")
        pilot.press("Tab", "j")

        #expect(pilot.model.watch.detail?.job == JobID(5947))
        #expect(pilot.model.context == .jobs)
    }

    @Test("says what a job waits for, who asked to stop it, and its state elsewhere")
    func overview() {
        var pilot = Pilot(rows: 60)
        pilot.command("job 5943")
        pilot.send(.detail(JobID(5943), Sample.detail(5943)))

        pilot.sees("bob asked for cancel")
        pilot.sees("cancel asked by bob at 15:41:16: wrong VM")
        pilot.sees("Oracle VM In Progress")
    }

    @Test("follows the log's end until it is scrolled, and again with F")
    func log() {
        var pilot = Pilot()
        pilot.open("L")
        pilot.sees("line 39 of the log")
        pilot.press("g")
        pilot.sees("line 0 of the log")
        pilot.doesNotSee("follows")

        var more = Sample.detail()
        more.log.append(
            LogLine(job: more.job.id, at: pilot.now, level: .info, text: "brand new")
        )
        pilot.send(.detail(more.job.id, more))
        pilot.doesNotSee("brand new")
        pilot.press("F")
        pilot.sees("brand new")
    }

    @Test("jumps between errors, and round the end")
    func errors() {
        var pilot = Pilot()
        pilot.open("L")
        pilot.press("g", "e")
        pilot.sees("disk 7 does not answer")
        pilot.press("e")
        pilot.sees("disk 31 does not answer")
        pilot.press("e")
        pilot.sees("disk 7 does not answer")
        pilot.press("E")
        pilot.sees("disk 31 does not answer")
    }

    @Test("shows the lines of a level and above")
    func level() {
        var pilot = Pilot()
        pilot.open("L")
        pilot.press("v", "v", "v")

        pilot.sees("disk 7 does not answer")
        pilot.doesNotSee("of the log")
        pilot.sees("error+")
    }

    @Test("searches while typing, marks what it finds, and goes on with n and N")
    func search() throws {
        var pilot = Pilot()
        pilot.open("L")
        pilot.press("g", "/")
        pilot.type("LINE 2")
        pilot.press("Enter")
        pilot.sees("line 2 of the log")
        pilot.press("n")
        pilot.sees("line 20 of the log")
        pilot.press("N")
        pilot.sees("line 2 of the log")

        let grid = pilot.model.view()
        let row = try #require((0..<24).first { grid.text(row: $0).contains("line 2 of") })
        #expect(grid.style(row: row, column: 20) == Theme.builtIn[.match])
    }

    @Test("goes from a child to its parent")
    func parent() {
        var pilot = Pilot()
        pilot.press("j", "j", "j", "Enter", "p")
        #expect(pilot.model.watch.detail?.job == JobID(5946))
    }

    @Test("acts on its own job, not on the list's")
    func target() {
        var pilot = Pilot()
        pilot.command("job 5940")
        pilot.send(.detail(JobID(5940), Sample.detail(5940)))
        pilot.press("C")

        #expect(pilot.model.dialogJob?.id == JobID(5940))
    }

    @Test("gives JSON as people read it")
    func result() {
        var pilot = Pilot()
        pilot.command("job 5939")
        pilot.press("y")
        pilot.send(.detail(JobID(5939), Sample.detail(5939)))

        pilot.sees("\"wanted\": 16384")
    }
}
