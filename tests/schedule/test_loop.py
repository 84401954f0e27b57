"""The loop that works while there is something to do, and goes on after a fault."""

import threading

from assistant.schedule.loop import Loop


def test_it_goes_on_while_there_is_something_to_do_and_is_woken_by_more() -> None:
    work, done, woken = [1, 2, 3], [], threading.Event()

    def step() -> bool:
        if not work:
            woken.set()
            return False
        done.append(work.pop(0))
        return True

    loop = Loop("work", step, lambda name, error: None, rest=60)
    loop.start()
    assert woken.wait(10)
    woken.clear()
    work.append(4)
    loop.wake()
    assert woken.wait(10)

    assert loop.stop()
    assert done == [1, 2, 3, 4]


def test_a_step_that_fails_is_told_and_the_loop_goes_on() -> None:
    faults, tries, recovered = [], iter((True, True, False)), threading.Event()

    def step() -> bool:
        if next(tries, False):
            raise ValueError("no")
        recovered.set()
        return False

    loop = Loop("work", step, lambda name, error: faults.append((name, str(error))), rest=0.01)
    loop.start()
    assert recovered.wait(10)

    assert loop.stop()
    assert faults == [("work", "no"), ("work", "no")]
