import Console
import Model
import Terminal
import Testing

@Suite("Filters")
struct FilterTests {
    @Test("what is typed filters at once, and what is not finished leaves the former filter")
    func typing() throws {
        var pilot = Pilot()
        pilot.press("/")
        pilot.type("state:failed")
        let failed = try FilterParser.parse("state:failed")
        #expect(pilot.model.watch.jobs.filter == failed)

        pilot.type(" age")
        let former = pilot.model.watch.jobs.filter
        pilot.type(">")
        #expect(pilot.model.watch.jobs.filter == former)
        #expect(pilot.model.view().text(row: 23).contains("character"))

        pilot.type("5m")
        #expect(pilot.model.watch.jobs.filter != former)
        pilot.press("Enter")
        #expect(pilot.model.context == .jobs)
        pilot.refresh()
        pilot.sees("filter state:failed age>5m")
    }

    @Test("an answer to the former filter comes too late")
    func late() {
        var pilot = Pilot()
        let former = pilot.model.watch.jobs
        pilot.press("/")
        pilot.type("mail")
        pilot.refresh(Sample.jobs.filter { $0.target.name == "mail" })
        pilot.doesNotSee("web-1")

        pilot.send(.snapshot(Sample.snapshot(Sample.jobs, former)))

        pilot.doesNotSee("web-1")
    }

    @Test("Enter does not take a filter that is not understood")
    func broken() {
        var pilot = Pilot()
        pilot.press("/")
        pilot.type("state:nonsense")
        pilot.press("Enter")

        #expect(pilot.model.context == .line)
    }

    @Test("Esc takes the filter away, while typing and later")
    func clear() {
        var pilot = Pilot()
        pilot.press("/")
        pilot.type("web")
        pilot.press("Esc")
        #expect(pilot.model.watch.jobs.filter == .all)

        pilot.press("/")
        pilot.type("web")
        pilot.press("Enter", "Esc")
        #expect(pilot.model.watch.jobs.filter == .all)
    }

    @Test("Up brings back what was typed before, Down what was being typed")
    func history() {
        var pilot = Pilot()
        for word in ["one", "two"] {
            pilot.press("/", "Ctrl-u")
            pilot.type(word)
            pilot.press("Enter")
        }
        pilot.press("/", "Ctrl-u")
        pilot.type("draft")
        pilot.press("Up", "Up")
        pilot.sees("/one")
        pilot.press("Down", "Down")
        pilot.sees("/draft")
    }

    @Test("Tab completes fields and values")
    func completion() {
        var pilot = Pilot()
        pilot.press("/")
        pilot.type("sta")
        pilot.press("Tab")
        pilot.type("fai")
        pilot.press("Tab")

        pilot.sees("/state:failed")
    }

    @Test("! shows what failed or is stuck, and again everything")
    func trouble() throws {
        var pilot = Pilot()
        pilot.press("!")
        let filter = pilot.model.watch.jobs.filter
        #expect(Sample.jobs.filter { filter.matches($0, at: Sample.now) }.count == 3)
        pilot.refresh()
        pilot.sees("! failed/stuck")

        pilot.press("!")
        #expect(pilot.model.watch.jobs.filter == .all)
    }

    @Test("the other lists are filtered by words")
    func words() {
        var pilot = Pilot()
        pilot.press("2")
        pilot.send(.vms(Sample.vms))
        pilot.press("/")
        pilot.type("ops kvm-b")

        pilot.sees("mail")
        pilot.doesNotSee("web-1")
    }

    @Test("a pasted filter is one line")
    func paste() {
        var pilot = Pilot()
        pilot.press("/")
        pilot.send(.input(.paste("web\nkind:vm.*"), pilot.now))

        pilot.sees("/web kind:vm.*")
        #expect(pilot.model.context == .line)
    }
}
