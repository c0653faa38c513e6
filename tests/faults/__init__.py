"""Real processes, real kills: what the engine must survive, judged by the books over there.

`world` starts and kills, `clerk` works as people do, `worker` is the engine with a place to die at,
`judge` compares, `scenarios` names the faults of the bar, `__main__` is `make faults`.
"""
