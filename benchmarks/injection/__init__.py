"""What attackers can achieve by writing to the model that reads: planted attacks, an obedient model, the real policy path."""
