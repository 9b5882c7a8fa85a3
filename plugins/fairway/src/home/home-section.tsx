import { type ReactNode, useId } from 'react';
import { Card, CardBody, CardHeader, Flex, Link, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './home.module.css';

interface HomeSectionProps {
  readonly title: string;
  readonly total: number;
  /** How many of them. */
  readonly shown: number;
  /** Of what is shown, where it is not the oldest or newest first. */
  readonly order?: string;
  /** Said when there is none. */
  readonly none: ReactNode;
  /** Where all of them are. */
  readonly more: { readonly text: string; readonly href: string };
  readonly children: ReactNode;
}

/** One question of the page with its answer: the first of them, and where all are. */
export function HomeSection({ title, total, shown, order, none, more, children }: HomeSectionProps) {
  const { t } = useFairwayText();
  const titleId = useId();
  const rest = [order, shown < total ? t('home.firstOf', { shown: String(shown) }) : undefined];
  const notes = total > 1 ? rest.filter(text => text !== undefined) : [];
  return (
    <section aria-labelledby={titleId}>
      <Card>
        <CardHeader>
          <Flex align="center" justify="between" gap="3">
            <Flex align="baseline" gap="3">
              <Text as="h2" variant="title-x-small" id={titleId}>
                {total > 0 ? t('home.count', { title, total }) : title}
              </Text>
              <Text variant="body-small" color="secondary" className={classes.facts}>
                {notes.map(note => (
                  <span key={note}>{note}</span>
                ))}
              </Text>
            </Flex>
            <Link href={more.href}>{more.text}</Link>
          </Flex>
        </CardHeader>
        <CardBody>{total === 0 ? none : children}</CardBody>
      </Card>
    </section>
  );
}

interface HomeItemProps {
  readonly sign: ReactNode;
  readonly title: ReactNode;
  readonly text: string;
  readonly facts: readonly ReactNode[];
}

/** A line of a section: what it is, what happened, and what one asks about it. */
export function HomeItem({ sign, title, text, facts }: HomeItemProps) {
  return (
    <li className={classes.item}>
      {sign}
      <div className={classes.what}>
        <div>{title}</div>
        <Text as="p" className={classes.text} title={text}>
          {text}
        </Text>
        <Text as="p" variant="body-small" color="secondary" className={classes.facts}>
          {facts.map((fact, place) => (
            <span key={place}>{fact}</span>
          ))}
        </Text>
      </div>
    </li>
  );
}
